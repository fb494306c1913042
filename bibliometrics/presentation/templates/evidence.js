/* Lists the papers that the part after # asks for; data comes from scripts beside the page. */
(function () {
  "use strict";
  var STEP = 100;
  var root = document.documentElement;
  var at = function (id) { return document.getElementById(id); };
  var directory = null, lists = null, byId = new Map(), files = new Map(), strings = new Map(), papers = new Map();
  var asked = new Map();
  var list = [], held = new Map(), shown = 0, turn = 0;

  /* Data files call these. */
  window.evidence = {
    directory: function (told) { directory = told; told.institutions.forEach(function (row) { byId.set(row[0], row); }); },
    lists: function (told) { lists = told; },
    papers: function (number, told) { papers.set(number, told); },
    institutions: function (number, told) {
      strings.set(number, told[0]);
      told[1].forEach(function (entry) { files.set(entry[0], { file: number, entry: entry }); });
    }
  };
  function load(name) {
    if (!asked.has(name)) {
      asked.set(name, new Promise(function (done, failed) {
        var script = document.createElement("script");
        script.src = name;
        script.onload = done;
        script.onerror = function () { failed(new Error(name)); };
        document.head.appendChild(script);
      }));
    }
    return asked.get(name);
  }
  function four(number) { return ("000" + number).slice(-4); }

  function text(pair, value) {
    var fragment = document.createDocumentFragment();
    ["en", "zh-Hans"].forEach(function (language, side) {
      var span = document.createElement("span");
      span.className = "t";
      span.lang = language;
      var put = Array.isArray(value) ? value[side] : typeof value === "number" ? value.toLocaleString("en") : value;
      span.textContent = value === undefined ? pair[side] : pair[side].split("%").join(String(put));
      fragment.appendChild(span);
    });
    return fragment;
  }
  function word(key, value) { return text(directory.words[key], value); }
  function named(id) { var row = byId.get(id); return row ? [row[1], row[2]] : [id, id]; }

  function sums(differences) {
    var last = 0;
    return differences.map(function (step) { last += step; return last; });
  }
  function range(from, to) { var all = []; for (var n = from; n <= to; n += 1) { all.push(n); } return all; }
  function union(parts) {
    var seen = new Set();
    parts.forEach(function (part) { part.forEach(function (n) { seen.add(n); }); });
    return Array.from(seen).sort(function (a, b) { return a - b; });
  }
  function within(numbers, others) { var set = new Set(others); return numbers.filter(function (n) { return set.has(n); }); }
  function without(numbers, others) { var set = new Set(others); return numbers.filter(function (n) { return !set.has(n); }); }
  function yearOf(number) {
    var found = directory.years.find(function (year) { return number >= year[1] && number <= year[2]; });
    return found && found[0];
  }

  /* What an institution holds: number of a paper → its weight, strings, and whether it is first. */
  function holding(id) {
    var row = byId.get(id);
    if (!row) { return Promise.resolve(new Map()); }
    return load("institutions-" + four(row[8]) + ".js").then(function () {
      var found = files.get(id), entry = found.entry, first = new Set(sums(entry[3]));
      var texts = strings.get(found.file), papers_ = new Map();
      sums(entry[1]).forEach(function (number, i) {
        var places = Array.isArray(entry[4][i]) ? entry[4][i] : [entry[4][i]];
        papers_.set(number, {
          weight: entry[2][i], first: first.has(number),
          strings: places.map(function (place) { return texts[place]; })
        });
      });
      return papers_;
    });
  }
  function keyed(rows, key) { return rows.find(function (row) { return String(row[0]) === key; }); }
  function keywordPapers(row, field) {
    return union(row[1].filter(function (part) { return !field || part[0] === field; }).map(function (part) { return sums(part[1]); }));
  }

  /* The list that the address asks for: its heading, its conditions, its numbers. */
  function find(of) {
    var all = range(0, directory.papers - 1);
    var members = function (column, value) {
      var ids = directory.institutions.filter(function (row) { return row[3] === "domestic" && String(row[column]) === value; });
      return Promise.all(ids.map(function (row) { return holding(row[0]); })).then(function (parts) {
        var strings_ = new Map();
        parts.forEach(function (part) { part.forEach(function (what, number) {
          var before = strings_.get(number);
          strings_.set(number, { weight: null, first: false, strings: (before ? before.strings : []).concat(what.strings) });
        }); });
        return { held: strings_, numbers: union(parts.map(function (part) { return Array.from(part.keys()); })) };
      });
    };
    if (of.has("institution")) {
      return holding(of.get("institution")).then(function (papers_) {
        var numbers = Array.from(papers_.keys()).sort(function (a, b) { return a - b; });
        if (of.has("first")) { numbers = numbers.filter(function (n) { return papers_.get(n).first; }); }
        if (!of.has("with")) { return { heading: named(of.get("institution")), numbers: numbers, held: papers_, counts: !of.has("first") && !of.has("abroad") }; }
        return holding(of.get("with")).then(function (others) {
          var both = new Map();
          numbers.forEach(function (n) { if (others.has(n)) {
            both.set(n, { weight: null, first: false, strings: papers_.get(n).strings.concat(others.get(n).strings) });
          } });
          return { heading: named(of.get("institution")), numbers: numbers.filter(function (n) { return others.has(n); }), held: both };
        });
      });
    }
    var family = ["province", "authority"].find(function (name) { return of.has(name); });
    if (family) {
      var code = of.get(family);
      var called = directory.names[family].find(function (row) { return row[0] === code; });
      return members(family === "province" ? 4 : 5, code).then(function (found) { found.heading = called ? called[1] : [code, code]; return found; });
    }
    if (of.has("community")) {
      return members(6, of.get("community")).then(function (found) {
        found.heading = directory.words.evidence_community.map(function (side) { return side.replace("%", of.get("community")); });
        return found;
      });
    }
    return load("lists.js").then(function () {
      var row;
      if (of.has("country")) {
        row = keyed(lists.country, of.get("country"));
        return { heading: row ? row[1] : [of.get("country"), of.get("country")], numbers: row ? sums(row[2]) : [] };
      }
      if (of.has("keyword")) {
        row = keyed(lists.keyword, of.get("keyword"));
        var numbers = row ? keywordPapers(row, of.get("field")) : [];
        if (row && of.has("only")) {
          numbers = without(numbers, union(lists.keyword.filter(function (other) { return other !== row; }).map(function (other) { return keywordPapers(other); })));
        }
        return { heading: directory.words.evidence_keyword.map(function (side) { return side.replace("%", of.get("keyword")); }), numbers: numbers };
      }
      if (of.has("unmatched")) {
        row = keyed(lists.unmatched, of.get("unmatched"));
        return { heading: directory.words.evidence_unmatched.map(function (side) { return side.replace("%", row ? row[1] : "?"); }), numbers: row ? sums(row[2]) : [] };
      }
      if (of.get("decision") === "attributed") { return { heading: directory.words.evidence_attributed, numbers: sums(lists.attributed) }; }
      if (of.get("decision") === "unattributed") { return { heading: directory.words.evidence_unattributed, numbers: without(all, sums(lists.attributed)) }; }
      return { heading: directory.words.evidence_all, numbers: all };
    });
  }
  function narrow(found, of) {
    var conditions = [], numbers = found.numbers;
    if (of.has("with")) { conditions.push(word("evidence_with", named(of.get("with")))); }
    if (of.has("first")) { conditions.push(word("evidence_first")); }
    if (of.has("field")) {
      var field = directory.fields.find(function (row) { return row[0] === of.get("field"); });
      if (field) { conditions.push(text(field[1])); }
    }
    if (of.has("only")) { conditions.push(word("evidence_only")); }
    if (of.has("year")) {
      var ends = of.get("year").split("-"), last = ends[ends.length - 1];
      numbers = numbers.filter(function (n) { var year = yearOf(n); return year !== null && year >= Number(ends[0]) && year <= Number(last); });
      conditions.push(word("evidence_year", ends.join("–")));
    }
    if (!of.has("abroad")) { return Promise.resolve([numbers, conditions]); }
    conditions.push(word("evidence_abroad"));
    return load("lists.js").then(function () { return [within(numbers, sums(lists.abroad)), conditions]; });
  }

  function chunks(numbers) {
    var wanted = new Set(numbers.map(function (n) { return Math.floor(n / directory.chunk); }));
    return Promise.all(Array.from(wanted).map(function (chunk) { return load("papers-" + four(chunk) + ".js"); }));
  }
  function paper(number) { return papers.get(Math.floor(number / directory.chunk))[number % directory.chunk]; }
  function doi(told) { return told[2] ? "https://doi.org/" + encodeURI(told[2]) : ""; }

  function line(number) {
    var told = paper(number), item = document.createElement("li"), year = yearOf(number);
    var title = document.createElement("div");
    title.className = "title";
    title.dir = "auto";
    title.textContent = told[0] || told[3];
    var where = document.createElement("div");
    where.className = "where";
    where.textContent = [year === null ? "–" : year, told[1], told[3]].filter(Boolean).join(" · ");
    if (told[2]) {
      var link = document.createElement("a");
      link.href = doi(told);
      link.rel = "noopener noreferrer";
      link.textContent = "doi:" + told[2];
      where.append(" · ", link);
    }
    item.append(title, where);
    var what = held.get(number);
    (what ? what.strings : []).forEach(function (pair) {
      var string = document.createElement("p"), rule = document.createElement("code");
      string.className = "string";
      string.dir = "auto";
      rule.textContent = pair[1];
      string.append(pair[0] + " ", rule);
      item.appendChild(string);
    });
    return item;
  }
  function more() {
    var next = list.slice(shown, shown + STEP), mine = turn;
    return chunks(next).then(function () {
      if (mine !== turn) { return; }
      next.forEach(function (number) { at("papers").appendChild(line(number)); });
      shown += next.length;
      at("more").hidden = shown >= list.length;
    }).catch(lost);
  }
  function count(found) {
    var place = at("count");
    place.replaceChildren(list.length === 1 ? word("one_paper") : word("many_papers", list.length));
    place.dataset.n = list.length;
    if (found.counts && list.length && list.every(function (n) { return held.get(n).weight !== null; })) {
      var sum = list.reduce(function (total, n) { return total + held.get(n).weight; }, 0) / directory.weight;
      place.append(" · ", word("evidence_fractional", sum.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 })));
    }
  }
  function lost() { at("missing").hidden = false; at("count").replaceChildren(); }

  function show() {
    turn += 1;
    var mine = turn, of = new URLSearchParams(location.hash.slice(1));
    at("papers").replaceChildren();
    shown = 0;
    return find(of).then(function (found) {
      return narrow(found, of).then(function (narrowed) {
        if (mine !== turn) { return; }
        list = narrowed[0];
        held = found.held || new Map();
        at("heading").replaceChildren(text(found.heading));
        at("conditions").replaceChildren();
        narrowed[1].forEach(function (part, i) { at("conditions").append(i ? " · " : "", part); });
        var whole = list, years = union([whole.map(yearOf).filter(function (y) { return y !== null; })]).reverse();
        at("year").replaceChildren(at("year").options[0]);
        years.forEach(function (year) { at("year").add(new Option(year, year)); });
        at("year").disabled = of.has("year") && of.get("year").indexOf("-") < 0;
        count(found);
        var again = function () {
          turn += 1;
          var now = turn, wanted = at("search").value.trim().toLocaleLowerCase(), year = at("year").value;
          var left = whole.filter(function (n) { return !year || String(yearOf(n)) === year; });
          (wanted ? chunks(left) : Promise.resolve()).then(function () {
            if (now !== turn) { return; }
            list = wanted ? left.filter(function (n) { return paper(n).join(" ").toLocaleLowerCase().indexOf(wanted) >= 0; }) : left;
            at("papers").replaceChildren();
            shown = 0;
            count(found);
            more();
          }).catch(lost);
        };
        at("search").oninput = again;
        at("year").onchange = again;
        return more();
      });
    }).catch(lost);
  }

  /* A cell that a spreadsheet would run as a formula gets an apostrophe. */
  function cell(value) {
    var safe = /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
    return '"' + safe.replace(/"/g, '""') + '"';
  }
  at("download").addEventListener("click", function () {
    chunks(list).then(function () {
      var lines = ["paper_id,year,title,source_title,doi,affiliations,rules"];
      list.forEach(function (number) {
        var told = paper(number), what = held.get(number), year = yearOf(number);
        var pairs = what ? what.strings : [];
        lines.push([told[3], year === null ? "" : String(year), told[0], told[1], told[2],
          pairs.map(function (p) { return p[0]; }).join(" | "), pairs.map(function (p) { return p[1]; }).join(" | ")].map(cell).join(","));
      });
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([lines.join("\n") + "\n"], { type: "text/csv;charset=utf-8" }));
      link.download = "papers.csv";
      link.click();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
    }).catch(lost);
  });
  at("more").addEventListener("click", more);
  at("tools").addEventListener("submit", function (event) { event.preventDefault(); });
  at("institution").addEventListener("change", function () {
    var value = at("institution").value.trim().toLocaleLowerCase();
    var row = value && directory.institutions.find(function (r) { return [r[0], r[1], r[2]].some(function (n) { return n.toLocaleLowerCase() === value; }); });
    if (row) { at("institution").value = ""; location.hash = "institution=" + encodeURIComponent(row[0]); }
  });
  addEventListener("hashchange", function () { at("search").value = ""; show().then(function () { at("heading").focus(); }); });

  load("directory.js").then(function () {
    directory.institutions.forEach(function (row) {
      at("institutions").appendChild(new Option(row[2] === row[1] ? "" : row[2], row[1]));
    });
    return show();
  }).catch(lost);
})();
