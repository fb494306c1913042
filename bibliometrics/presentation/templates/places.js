(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var panel = document.getElementById("panel");
  var least = document.getElementById("least");
  var says = document.getElementById("least-says");
  var views = { china: document.getElementById("china"), world: document.getElementById("world") };
  var kinds = { china: "cities", world: "countries" };
  var current = views.china ? "china" : "world";
  var zoom = 1;
  var chosen = null;

  function chinese() { return document.documentElement.dataset.language === "zh"; }
  function words(pair) { return chinese() ? pair[1] : pair[0]; }
  function element(tag, text) {
    var made = document.createElement(tag);
    if (text !== undefined) { made.textContent = text; }
    return made;
  }
  function link(text, to) {
    var made = element("a", text);
    made.href = to;
    return made;
  }
  function threshold() {
    return Math.max(1, Math.round(Math.pow(Math.max(data.most, 1), least.value / 100)));
  }
  function draw() {
    var from = threshold();
    says.textContent = from.toLocaleString(chinese() ? "zh-CN" : "en");
    document.querySelectorAll(".arc").forEach(function (arc) {
      arc.classList.toggle("off", Number(arc.dataset.papers) < from);
      var near = chosen && arc.closest(".view").id === chosen.view &&
        (arc.dataset.a === chosen.number || arc.dataset.b === chosen.number);
      arc.classList.toggle("on", Boolean(near));
    });
    document.querySelectorAll(".city").forEach(function (city) {
      city.classList.toggle("on", Boolean(chosen) && city.closest(".view").id === chosen.view &&
        city.dataset.number === chosen.number);
    });
  }
  function describe() {
    if (!chosen) { return; }
    var place = data[kinds[chosen.view]][chosen.number];
    panel.replaceChildren();
    panel.append(element("h2", words(place)));
    var number = place[2].toLocaleString(chinese() ? "zh-CN" : "en");
    var whole = element("p", chinese() ? number + " 篇论文" : number + " papers");
    if (place[5]) { whole.replaceChildren(link(whole.textContent, place[5])); }
    panel.append(whole);
    var list = element("ol");
    place[3].forEach(function (member) {
      var item = element("li");
      item.append(words(member) + " · ", link(String(member[2]), member[3]));
      list.append(item);
    });
    panel.append(list);
    if (place[4] > place[3].length) {
      panel.append(element("p", (chinese() ? "共 " : "of ") + place[4]));
    }
  }
  function choose(view, number) {
    chosen = { view: view, number: String(number) };
    describe();
    draw();
  }
  function show(view) {
    current = view;
    Object.keys(views).forEach(function (key) {
      if (views[key]) { views[key].hidden = key !== view; }
    });
    magnify(1);
  }
  function magnify(to) {
    zoom = Math.min(8, Math.max(1, to));
    var svg = views[current].querySelector("svg");
    var box = svg.dataset.box ? svg.dataset.box.split(" ").map(Number) : svg.getAttribute("viewBox").split(" ").map(Number);
    svg.dataset.box = box.join(" ");
    var middle = { x: box[2] / 2, y: box[3] / 2 };
    var on = views[current].querySelector(".city.on");
    if (on) { middle = { x: Number(on.getAttribute("cx")), y: Number(on.getAttribute("cy")) }; }
    var width = box[2] / zoom, height = box[3] / zoom;
    var left = Math.min(Math.max(0, middle.x - width / 2), box[2] - width);
    var top = Math.min(Math.max(0, middle.y - height / 2), box[3] - height);
    svg.setAttribute("viewBox", [left, top, width, height].join(" "));
  }
  document.querySelectorAll("input[name=view]").forEach(function (input) {
    input.addEventListener("change", function () { if (input.checked) { show(input.value); } });
  });
  least.addEventListener("input", draw);
  document.getElementById("in").addEventListener("click", function () { magnify(zoom * 1.6); });
  document.getElementById("out").addEventListener("click", function () { magnify(zoom / 1.6); });
  document.querySelectorAll(".city").forEach(function (city) {
    var view = city.closest(".view").id;
    function act() { choose(view, city.dataset.number); }
    city.addEventListener("click", act);
    city.addEventListener("keydown", function (event) {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(); }
    });
  });
  document.querySelectorAll(".arc").forEach(function (arc) {
    arc.addEventListener("click", function () { choose(arc.closest(".view").id, arc.dataset.b); });
  });
  document.querySelectorAll("details button").forEach(function (button) {
    var view = button.closest("table").className === "of-china" ? "china" : "world";
    button.addEventListener("click", function () {
      var input = document.querySelector("input[name=view][value=" + view + "]");
      if (input) { input.checked = true; }
      show(view);
      choose(view, button.dataset.number);
      panel.scrollIntoView({ block: "nearest" });
    });
  });
  document.addEventListener("language", function () { describe(); draw(); });
  draw();
})();
