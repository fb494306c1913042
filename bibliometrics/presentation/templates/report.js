(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("scripted");
  var language = function () { return root.dataset.language === "zh" ? "zh-Hans" : "en"; };
  var list = function (selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); };
  var tables = list("table[data-sortable]");

  /* The counting rule: styles show what belongs to it; sorting reads its values. The styles look for
     the chosen input only where no script runs: looking costs a walk through the page each time. */
  var rule = function () { var chosen = document.querySelector("input[name=rule]:checked"); return chosen ? chosen.value : "1"; };

  function tellStyles() { root.dataset.rule = rule(); }
  tellStyles();

  /* Where a row stood at first: rows that compare as equal, or have nothing to compare, return there. */
  var places = new Map();

  function key(row, index, kind) {
    var cell = row.cells[index];
    if (kind === "number") {
      var value = cell.dataset["v" + rule()];
      if (value === undefined) { value = cell.dataset.v; }
      return value === "" || value === undefined ? null : Number(value);
    }
    var shown = cell.querySelector("[lang|='" + language().slice(0, 2) + "']");
    return (shown || cell).textContent.trim();
  }
  function sort(table, index, direction) {
    var header = table.tHead.rows[0].cells[index], kind = header.dataset.sort;
    list("th[aria-sort]", table).forEach(function (other) { other.removeAttribute("aria-sort"); });
    header.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
    var compare = kind === "number" ? function (a, b) { return a - b; } : new Intl.Collator(language()).compare;
    var rows = Array.prototype.map.call(table.tBodies[0].rows, function (row) {
      return { row: row, place: places.get(table).get(row), key: key(row, index, kind) };
    });
    rows.sort(function (a, b) {
      var noA = a.key === null || a.key === "", noB = b.key === null || b.key === "";
      if (noA || noB) { return noA === noB ? a.place - b.place : noA ? 1 : -1; }
      return direction * compare(a.key, b.key) || a.place - b.place;
    });
    rows.forEach(function (entry) { table.tBodies[0].appendChild(entry.row); });
    fold(table);
  }
  tables.forEach(function (table) {
    places.set(table, new Map(Array.prototype.map.call(table.tBodies[0].rows, function (row, i) { return [row, i]; })));
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (header, index) {
      if (!header.dataset.sort) { return; }
      var button = document.createElement("button");
      button.type = "button";
      while (header.firstChild) { button.appendChild(header.firstChild); }
      header.appendChild(button);
      button.addEventListener("click", function () {
        var up = header.getAttribute("aria-sort");
        sort(table, index, up ? (up === "ascending" ? -1 : 1) : (header.dataset.first === "down" ? -1 : 1));
      });
    });
  });

  /* Long tables are folded; a button unfolds them, and a search looks at all rows. */
  function fold(table) {
    var most = Number(table.dataset.fold);
    if (!most) { return; }
    Array.prototype.forEach.call(table.tBodies[0].rows, function (row, i) { row.classList.toggle("rest", i >= most); });
  }
  list("table[data-fold]").forEach(function (table) {
    var rows = table.tBodies[0].rows.length;
    if (rows <= Number(table.dataset.fold) * 1.3) { delete table.dataset.fold; return; }
    fold(table);
    table.classList.add("folded");
    var more = document.createElement("button");
    more.type = "button";
    more.className = "more";
    more.appendChild(document.getElementById("show-all").content.cloneNode(true));
    list("span", more).forEach(function (side) { side.textContent = side.textContent.replace("%", rows.toLocaleString("en")); });
    more.addEventListener("click", function () { table.classList.remove("folded"); more.remove(); });
    table.parentNode.parentNode.insertBefore(more, table.parentNode.nextSibling);
  });

  /* The ranking: search, filters, counting rule. */
  var search = document.getElementById("search"), moved = document.getElementById("moved");
  var ranking = list("table.ranking");
  if (search) {
    var filters = list("select[data-filter]");
    var rows = list("table.ranking tbody tr");
    var texts = rows.map(function (row) { return row.textContent.toLocaleLowerCase(); });
    var tally = list("[data-shown]");
    var filter = function () {
      var wanted = search.value.trim().toLocaleLowerCase(), shown = 0, narrowed = wanted || moved.checked;
      rows.forEach(function (row, i) {
        var fits = texts[i].indexOf(wanted) >= 0 && (!moved.checked || "moves" in row.dataset);
        filters.forEach(function (select) {
          if (select.value) { narrowed = true; fits = fits && row.dataset[select.dataset.filter] === select.value; }
        });
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      ranking.forEach(function (table) {
        if (table.dataset.fold && table.parentNode.nextElementSibling && table.parentNode.nextElementSibling.className === "more") {
          table.classList.toggle("folded", !narrowed);
          table.parentNode.nextElementSibling.hidden = Boolean(narrowed);
        }
      });
      tally.forEach(function (place) { place.textContent = shown.toLocaleString("en"); });
    };
    search.addEventListener("input", filter);
    moved.addEventListener("change", filter);
    filters.forEach(function (select) { select.addEventListener("change", filter); });
    filter();
  }
  var choose = document.getElementById("rule");
  list("input[name=rule]").forEach(function (input) {
    input.addEventListener("change", function () {
      tellStyles();
      if (choose) { choose.value = rule(); }
      ranking.forEach(function (table) { sort(table, 0, 1); });
    });
  });
  if (choose) {
    choose.value = rule();
    choose.addEventListener("change", function () {
      var input = document.getElementById("rule-" + choose.value);
      input.checked = true;
      input.dispatchEvent(new Event("change"));
    });
  }

  /* A point of a line of years leads to the papers of its year, the line to those of all. */
  list("a[data-papers]").forEach(function (link) {
    var whole = link.getAttribute("href"), first = Number(link.dataset.first), papers = link.dataset.papers.split(",").map(Number);
    var title = link.querySelector("title"), said = title.textContent;
    function point(event) {
      var box = link.getBoundingClientRect(), part = (event.clientX - box.left) / (box.width || 1);
      var at = Math.max(0, Math.min(papers.length - 1, Math.round(part * (papers.length - 1))));
      link.setAttribute("href", whole + "&year=" + (first + at));
      title.textContent = (first + at) + ": " + papers[at].toLocaleString("en");
    }
    link.addEventListener("pointermove", point);
    link.addEventListener("pointerdown", point);
    // A finger leaves before its click comes.
    link.addEventListener("pointerleave", function (event) {
      if (event.pointerType === "mouse") { link.setAttribute("href", whole); title.textContent = said; }
    });
  });

  /* On a narrow screen the sections are closed at first, and a link to one opens it. */
  var contents = document.querySelector(".contents details");
  var parts = list("details.part");
  var narrow = matchMedia("(max-width: 760px)");
  if (matchMedia("(max-width: 1020px)").matches) { contents.open = false; }
  if (narrow.matches) { parts.forEach(function (part) { part.open = false; }); }
  function reveal(id) {
    var target = id && document.getElementById(id);
    for (var part = target; part; part = part.parentElement) { if (part.tagName === "DETAILS") { part.open = true; } }
    var own = target && target.querySelector(":scope > details.part");
    if (own) { own.open = true; }
    return target;
  }
  function arrive() { var target = reveal(location.hash.slice(1)); if (target) { target.scrollIntoView(); } }
  list(".contents a").forEach(function (link) {
    link.addEventListener("click", function () {
      if (matchMedia("(max-width: 1020px)").matches) { contents.open = false; }
    });
  });
  list('a[href^="#"]').forEach(function (link) {
    link.addEventListener("click", function () { reveal(link.getAttribute("href").slice(1)); });
  });
  addEventListener("hashchange", arrive);
  if (location.hash) { arrive(); }

  /* The contents show where the reader is. */
  if ("IntersectionObserver" in window) {
    var links = {};
    list(".contents a").forEach(function (link) { links[link.getAttribute("href").slice(1)] = link; });
    var watch = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) { return; }
        Object.keys(links).forEach(function (id) { links[id].removeAttribute("aria-current"); });
        links[entry.target.id].setAttribute("aria-current", "true");
      });
    }, { rootMargin: "-10% 0px -75% 0px" });
    list(".sections > section").forEach(function (section) { watch.observe(section); });
  }

  addEventListener("beforeprint", function () {
    list("details").forEach(function (part) { part.open = true; });
  });
})();
