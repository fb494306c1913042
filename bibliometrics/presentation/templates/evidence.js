/* Lists the papers that the part after # asks for; data comes from scripts beside the page. */
(function () {
  "use strict";
  var STEP = 100;
  var root = document.documentElement;
  var at = function (id) { return document.getElementById(id); };
  var directory = null, lists = null, byId = new Map(), files = new Map(), strings = new Map(), papers = new Map();
  var asked = new Map();
  var list = [], held = new Map(), shown = 0, turn = 0, units = null;

  /* Data files call these. */
  window.evidence = {
    directory: function (told) { directory = told; told.institutions.forEach(function (row) { byId.set(row[0], row); }); },
    lists: function (told) { lists = told; },
    units: function (ofPaper, ofFirst) { units = { institution_fractional: ofPaper, first_author_fractional: ofFirst }; },
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

  /* What an institution holds: number of a paper → its weight, strings, whether it is first or corresponds. */
  function holding(id) {
    var row = byId.get(id);
    if (!row) { return Promise.resolve(new Map()); }
    return load("institutions-" + four(row[8]) + ".js").then(function () {
      var found = files.get(id), entry = found.entry, first = new Set(sums(entry[3])), corresponding = new Set(sums(entry[5]));
      var texts = strings.get(found.file), papers_ = new Map();
      sums(entry[1]).forEach(function (number, i) {
        var places = Array.isArray(entry[4][i]) ? entry[4][i] : [entry[4][i]];
        papers_.set(number, {
          fraction: entry[2][i] === null ? null : entry[2][i] / directory.weight,
          first: first.has(number), corresponding: corresponding.has(number),
          strings: places.map(function (place) { return texts[place]; })
        });
      });
      return papers_;
    });
  }
  /* The papers that a counting rule counts, each with its weight; where it is one, none is told. */
  function counted(papers_, rule) {
    var all = Array.from(papers_.keys()).sort(function (a, b) { return a - b; });
    var numbers = all.filter(function (n) {
      var what = papers_.get(n);
      if (rule === "first_author" || rule === "first_author_fractional") { return what.first; }
      if (rule === "corresponding_author") { return what.corresponding; }
      return rule !== "author_fractional" || what.fraction !== null;
    });
    if (!/fractional$/.test(rule || "")) { return Promise.resolve(numbers); }
    return (rule === "author_fractional" ? Promise.resolve() : load("units.js")).then(function () {
      numbers.forEach(function (n) {
        var what = papers_.get(n);
        what.weight = rule === "author_fractional" ? what.fraction : 1 / units[rule][n];
      });
      return numbers;
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
          strings_.set(number, { strings: (before ? before.strings : []).concat(what.strings) });
        }); });
        return { held: strings_, numbers: union(parts.map(function (part) { return Array.from(part.keys()); })) };
      });
    };
    if (of.has("institution")) {
      return holding(of.get("institution")).then(function (papers_) {
        var heading = named(of.get("institution"));
        if (!of.has("with")) {
          return counted(papers_, of.get("rule")).then(function (numbers) { return { heading: heading, numbers: numbers, held: papers_ }; });
        }
        return Promise.all([holding(of.get("with")), load("lists.js")]).then(function (told) {
          var others = told[0], both = new Map();
          var numbers = Array.from(papers_.keys()).filter(function (n) { return others.has(n); }).sort(function (a, b) { return a - b; });
          numbers.forEach(function (n) { both.set(n, { strings: papers_.get(n).strings.concat(others.get(n).strings) }); });
          if (!of.has("long")) { numbers = without(numbers, sums(lists.untied)); }
          return { heading: heading, numbers: numbers, held: both, untied: both.size - numbers.length };
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
        if (of.has("also")) {
          var second = keyed(lists.keyword, of.get("also"));
          numbers = within(numbers, second ? keywordPapers(second, of.get("field")) : []);
        }
        return { heading: directory.words.evidence_keyword.map(function (side) { return side.replace("%", of.get("keyword")); }), numbers: numbers };
      }
      if (of.has("subject")) {
        row = lists.subject.find(function (told) { return told[0] === of.get("subject") && (!of.has("scheme") || told[1] === of.get("scheme")); });
        return { heading: directory.words.evidence_subject.map(function (side) { return side.replace("%", of.get("subject")); }), numbers: row ? sums(row[2]) : [] };
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
    if (of.has("with") && found.untied) {
      var untied = document.createDocumentFragment(), link = document.createElement("a");
      link.href = "#" + of.toString() + "&long=1";
      link.append(word("evidence_untied_show"));
      untied.append(word("evidence_untied", found.untied), " (", link, ")");
      conditions.push(untied);
    }
    var rule = directory.rules.find(function (row) { return row[0] === of.get("rule"); });
    if (rule) { conditions.push(text(rule[1])); }
    if (of.has("also")) { conditions.push(word("evidence_also", of.get("also"))); }
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
    var flags = ["abroad", "retracted"].filter(function (flag) { return of.has(flag); });
    if (!flags.length) { return Promise.resolve([numbers, conditions]); }
    return load("lists.js").then(function () {
      flags.forEach(function (flag) {
        numbers = within(numbers, sums(lists[flag]));
        conditions.push(word("evidence_" + flag));
      });
      return [numbers, conditions];
    });
  }

  function chunks(numbers) {
    var wanted = new Set(numbers.map(function (n) { return Math.floor(n / directory.chunk); }));
    return Promise.all(Array.from(wanted).map(function (chunk) { return load("papers-" + four(chunk) + ".js"); }));
  }
  function paper(number) { return papers.get(Math.floor(number / directory.chunk))[number % directory.chunk]; }
  function doi(told) { return told[2] ? "https://doi.org/" + encodeURI(told[2]) : ""; }

  function fixed(value, digits) { return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }); }

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
    if (what && what.weight !== undefined) { where.append(" · ", word("evidence_weight", fixed(what.weight, 4))); }
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
  function count() {
    var place = at("count");
    place.replaceChildren(list.length === 1 ? word("one_paper") : word("many_papers", list.length));
    place.dataset.n = list.length;
    if (list.length && held.has(list[0]) && held.get(list[0]).weight !== undefined) {
      var sum = list.reduce(function (total, n) { return total + held.get(n).weight; }, 0);
      place.dataset.sum = sum;
      place.append(" · ", word("evidence_sum", fixed(sum, 1)));
    }
  }
  /* The list as the terminal is asked for it: what the address names, the language left out. */
  function command(of) {
    var told = new URLSearchParams(of);
    ["lang", "all"].forEach(function (name) { told.delete(name); });
    var asked_ = told.toString().replace(/'/g, "%27");
    return at("command").dataset.command + " --list '" + (asked_ || "all") + "'";
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
        count();
        at("command").textContent = command(of);
        var again = function () {
          turn += 1;
          var now = turn, wanted = at("search").value.trim().toLocaleLowerCase(), year = at("year").value;
          var left = whole.filter(function (n) { return !year || String(yearOf(n)) === year; });
          (wanted ? chunks(left) : Promise.resolve()).then(function () {
            if (now !== turn) { return; }
            list = wanted ? left.filter(function (n) { return paper(n).join(" ").toLocaleLowerCase().indexOf(wanted) >= 0; }) : left;
            at("papers").replaceChildren();
            shown = 0;
            count();
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
      var lines = ["paper_id,year,title,source_title,doi,weight,affiliations,rules"];
      list.forEach(function (number) {
        var told = paper(number), what = held.get(number), year = yearOf(number);
        var pairs = what ? what.strings : [];
        lines.push([told[3], year === null ? "" : String(year), told[0], told[1], told[2],
          what && what.weight !== undefined ? String(Number(what.weight.toFixed(6))) : "",
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
