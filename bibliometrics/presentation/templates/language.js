(function () {
  "use strict";
  var KEY = "bibliometrics.language";
  var root = document.documentElement;
  function remembered() {
    try { return localStorage.getItem(KEY); } catch (refused) { return null; }
  }
  function remember(language) {
    try { localStorage.setItem(KEY, language); } catch (refused) { /* the choice lasts for this view */ }
  }
  function show(language) {
    root.dataset.language = language;
    root.lang = language === "zh" ? "zh-Hans" : "en";
    document.dispatchEvent(new CustomEvent("language", { detail: language }));
  }
  var first = remembered();
  if (first !== "en" && first !== "zh") {
    first = /^zh/i.test(navigator.language || "") ? "zh" : "en";
  }
  show(first);
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("input[name=language]").forEach(function (input) {
      input.checked = input.value === first;
      input.addEventListener("change", function () {
        if (input.checked) { remember(input.value); show(input.value); }
      });
    });
  });
})();
