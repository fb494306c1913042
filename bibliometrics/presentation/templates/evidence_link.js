/* A link to a list of papers leads into evidence/, which an e-mail may have left behind: a picture
   of no size tells whether it is there, and where it is not the page says what is missing. */
(function () {
  "use strict";
  var dialog = document.getElementById("evidence-missing");
  var here = null;
  function follow(link) {
    var language = document.documentElement.dataset.language;
    location.href = link.getAttribute("href") + (language ? "&lang=" + language : "");
  }
  function missing(link) {
    var list = link.getAttribute("href").split("#")[1].replace(/'/g, "%27");
    dialog.querySelector("pre").textContent = dialog.dataset.command + " --list '" + list + "'";
    if (!dialog.open) { dialog.showModal(); }
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a.ev") : null;
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    if (here !== null) { if (here) { follow(link); } else { missing(link); } return; }
    var probe = new Image();
    probe.onload = function () { here = true; follow(link); };
    probe.onerror = function () { here = false; missing(link); };
    probe.src = dialog.dataset.probe;
  });
})();
