(function () {
  "use strict";
  var language = function () { return document.documentElement.dataset.language === "zh" ? "zh-Hans" : "en"; };
  var tables = Array.prototype.slice.call(document.querySelectorAll("table[data-sortable]"));

  /* Where a row stood at first: rows that compare as equal, or have nothing to compare, return there. */
  var places = new Map();

  function key(row, index, kind) {
    var cell = row.cells[index];
    if (kind === "number") { return cell.dataset.v === "" ? null : Number(cell.dataset.v); }
    var shown = cell.querySelector("[lang|='" + language().slice(0, 2) + "']");
    return (shown || cell).textContent.trim();
  }
  function sort(table, index, header) {
    var kind = header.dataset.sort;
    var up = header.getAttribute("aria-sort");
    var direction = up ? (up === "ascending" ? -1 : 1) : (header.dataset.first === "down" ? -1 : 1);
    table.querySelectorAll("th[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
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
  }
  tables.forEach(function (table) {
    places.set(table, new Map(Array.prototype.map.call(table.tBodies[0].rows, function (row, i) { return [row, i]; })));
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (header, index) {
      if (!header.dataset.sort) { return; }
      var button = document.createElement("button");
      button.type = "button";
      while (header.firstChild) { button.appendChild(header.firstChild); }
      header.appendChild(button);
      button.addEventListener("click", function () { sort(table, index, header); });
    });
  });

  var search = document.getElementById("search"), province = document.getElementById("province");
  if (search && province) {
    var rows = Array.prototype.slice.call(document.querySelectorAll("table.ranking tbody tr"));
    var texts = rows.map(function (row) { return row.textContent.toLocaleLowerCase(); });
    var tally = document.querySelectorAll("[data-shown]");
    var filter = function () {
      var wanted = search.value.trim().toLocaleLowerCase(), shown = 0;
      rows.forEach(function (row, i) {
        var fits = texts[i].indexOf(wanted) >= 0 && (!province.value || row.dataset.province === province.value);
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      tally.forEach(function (place) { place.textContent = shown.toLocaleString("en"); });
    };
    search.addEventListener("input", filter);
    province.addEventListener("change", filter);
    filter();
  }
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  });
})();
