(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("network").textContent);
  var details = data.details, words = data.words;
  var options = JSON.parse(data.options);
  var byId = function (id) { return document.getElementById(id); };
  var side = function () { return document.documentElement.dataset.language === "zh" ? 1 : 0; };
  var word = function (key) { return words[key][side()]; };
  var title = function (index) { return side() ? details[index].zh : details[index].en; };
  var number = function (value) { return value.toLocaleString(side() ? "zh-CN" : "en"); };
  var papers = function (n) { return n === 1 ? word("one_paper") : word("many_papers").replace("%", number(n)); };
  var dark = matchMedia("(prefers-color-scheme: dark)");
  var calm = matchMedia("(prefers-reduced-motion: reduce)");
  var holder = byId("map");

  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim(); }

  /* value: each tie's weight under the counting and the years chosen; place: how many are stronger;
     weights: the values above zero, strongest first, so a weight is a place in the list. */
  var counting = "fractional", firstYear = byId("first-year"), lastYear = byId("last-year");
  var value = [], together = [], place = [], weights = [], strongest = 1;
  function allYears() {
    return !firstYear || (firstYear.selectedIndex === 0 && lastYear.selectedIndex === lastYear.options.length - 1);
  }
  function within(edge) {
    if (allYears()) { return [edge.papers, edge.w]; }
    var first = Number(firstYear.value), last = Number(lastYear.value), sum = [0, 0];
    for (var i = 0; i < edge.years.length; i += 3) {
      if (edge.years[i] >= first && edge.years[i] <= last) { sum[0] += edge.years[i + 1]; sum[1] += edge.years[i + 2]; }
    }
    return sum;
  }
  function recount() {
    data.edges.forEach(function (edge, index) {
      together[index] = within(edge);
      value[index] = together[index][counting === "full" ? 0 : 1];
    });
    var order = value.map(function (_, index) { return index; });
    order.sort(function (a, b) { return value[b] - value[a] || a - b; });
    order.forEach(function (index, position) { place[index] = position; });
    weights = order.map(function (index) { return value[index]; }).filter(function (w) { return w > 0; });
    strongest = weights[0] || 1;
  }
  recount();
  function look(index) {
    var part = Math.sqrt(value[index] / strongest);
    return { width: 0.8 + 7 * part, opacity: 0.22 + 0.5 * part };
  }
  var edges = new vis.DataSet(data.edges.map(function (edge, index) {
    return { id: index, from: edge.from, to: edge.to };
  }));
  var nodes = new vis.DataSet(data.nodes.map(function (node) {
    return { id: node.id, x: node.x, y: node.y, size: node.size, shape: node.shape };
  }));
  var shownScopes = { 0: true, 1: true, 2: true };
  var shownCount = weights.length;
  var selected = null;
  var backbone = byId("backbone");
  var visible = new vis.DataView(edges, { filter: function (edge) {
    var own = data.edges[edge.id];
    return shownScopes[own.scope] && place[edge.id] < shownCount && (!backbone || !backbone.checked || own.backbone === 1);
  } });

  var slider = byId("least");
  var STEPS = Number(slider.max);
  /* Steps follow the square root of the share of ties left, so the strong end is not one jump. */
  function countAt(step) { return Math.max(1, Math.round(weights.length * Math.pow(1 - step / STEPS, 2))); }
  function stepFor(count) { return Math.round(STEPS * (1 - Math.sqrt(count / weights.length))); }
  var AT_FIRST = 600;
  // A backbone is already what matters of a large network: all of it is shown.
  if (weights.length > AT_FIRST && !(backbone && backbone.checked)) {
    slider.value = String(stepFor(AT_FIRST));
    byId("first-view").hidden = false;
  }
  if (!weights.length) { slider.disabled = true; }
  shownCount = weights.length ? countAt(Number(slider.value)) : 0;

  var network = new vis.Network(holder, { nodes: nodes, edges: visible }, options);

  var colouring = "community";
  /* A change of a node's font forgets the rest of it: names must follow. */
  function paintNodes() {
    var abroad = colour("abroad"), byCountry = colouring === "country";
    var face = getComputedStyle(document.body).fontFamily;
    var ink = colour("label"), halo = colour("halo"), paper = colour("paper");
    var palette = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(function (i) { return colour("c" + i); });
    var fills = data.nodes.map(function (node) {
      return byCountry ? palette[node.country] : node.colour < 0 ? abroad : palette[node.colour];
    });
    nodes.update(data.nodes.map(function (node) {
      return { id: node.id, font: { color: ink, strokeColor: halo, strokeWidth: 4, face: face },
        color: { background: fills[node.id], border: paper,
          highlight: { background: fills[node.id], border: ink }, hover: { background: fills[node.id], border: ink } } };
    }));
    label();
  }
  function paintEdges() {
    var edge = [colour("e0"), colour("e1"), colour("e2")], label = colour("label");
    edges.update(data.edges.map(function (e, index) {
      var own = look(index);
      return { id: index, width: own.width,
        color: { color: edge[e.scope], highlight: label, hover: label, opacity: own.opacity } };
    }));
  }

  /* Names at first sight: those of the largest nodes that lie neither on one another, nor on a large
     node, nor across the edge. Each doubling of the scale makes room for more; a smaller font keeps
     those hidden until then. */
  var pen = document.createElement("canvas").getContext("2d");
  var PIXELS = 13, LEVELS = 5, LARGE = 12;
  var base = 1, centre = { x: 0, y: 0 };
  function label() {
    var grow = Math.min(2.4, Math.max(1, 0.5 / base));
    var width = holder.clientWidth, height = holder.clientHeight;
    var most = Math.min(40, Math.max(8, Math.round(width * height / 15000)));
    var placed = [], update = [], left = data.nodes.slice();
    pen.font = PIXELS + "px " + getComputedStyle(document.body).fontFamily;
    function box(item, scale) {
      var x = (item.node.x - centre.x) * scale;
      var reach = item.node.size * grow, y = item.node.y - centre.y;
      var top = item.above ? (y - reach) * scale - 2 - PIXELS * 1.5 : (y + reach) * scale + 2;
      return [x - item.width / 2 - 4, top, x + item.width / 2 + 4, top + PIXELS * 1.5];
    }
    function disc(node, scale) {
      var x = (node.x - centre.x) * scale, y = (node.y - centre.y) * scale, r = node.size * grow * scale * 0.7;
      return [x - r, y - r, x + r, y + r];
    }
    function apart(a, b) { return a[0] > b[2] || b[0] > a[2] || a[1] > b[3] || b[1] > a[3]; }
    for (var level = 0; level < LEVELS; level += 1) {
      var scale = base * Math.pow(2, level), later = [], count = 0, room = most * Math.pow(2, level);
      var taken = placed.map(function (item) { return box(item, scale); });
      var discs = data.nodes.slice(0, LARGE).map(function (node) { return disc(node, scale); });
      left.forEach(function (node, rank) {
        var text = shorten(title(node.id));
        var item = { node: node, width: pen.measureText(text).width };
        var mine = box(item, scale);
        function free() {
          var inside = level > 0 || (Math.max(-mine[0], mine[2]) < width / 2 && mine[3] < height / 2);
          return inside && count < room && rank < room * 1.5 &&
            taken.every(function (other) { return apart(mine, other); }) &&
            (node.id < LARGE || discs.every(function (other) { return apart(mine, other); }));
        }
        // The largest must not go nameless because a neighbour's name lies below them.
        if (!free() && level === 0 && rank < LARGE) { item.above = true; mine = box(item, scale); }
        if (!free()) { later.push(node); return; }
        taken.push(mine); placed.push(item); count += 1;
        var lift = item.above ? -(2 * node.size * grow + PIXELS * 1.9 / scale) : 0;
        update.push({ id: node.id, label: text, size: node.size * grow, font: { size: PIXELS / scale, vadjust: lift } });
      });
      left = later;
    }
    left.forEach(function (node) {
      update.push({ id: node.id, label: shorten(title(node.id)), size: node.size * grow, font: { size: PIXELS / (base * Math.pow(2, LEVELS)) } });
    });
    nodes.update(update);
  }
  function shorten(text) { return text.length > 44 ? text.slice(0, 43) + "…" : text; }

  function fit() {
    network.fit({ animation: false });
    network.moveTo({ scale: network.getScale() * 0.95, animation: false });
    base = network.getScale();
    centre = network.getViewPosition();
    label();
  }
  function tell() {
    byId("edges-shown").textContent = word("map_edges_shown").replace("%", number(visible.length));
    byId("least-value").textContent = weights.length ? number(Math.round(weights[shownCount - 1] * 100) / 100) : "–";
    byId("years-wrong").textContent = firstYear && firstYear.selectedIndex > lastYear.selectedIndex ? word("map_years_wrong") : "";
  }
  function refresh() { visible.refresh(); tell(); }

  slider.addEventListener("input", function () { shownCount = countAt(Number(slider.value)); refresh(); });
  document.querySelectorAll("[data-scope]").forEach(function (check) {
    check.addEventListener("change", function () { shownScopes[check.dataset.scope] = check.checked; refresh(); });
  });

  function again() {
    recount();
    slider.disabled = !weights.length;
    shownCount = weights.length ? countAt(Number(slider.value)) : 0;
    paintEdges();
    refresh();
    if (tie !== null) { openTie(tie); }
  }
  document.querySelectorAll("[name=weight]").forEach(function (choice) {
    choice.addEventListener("change", function () { counting = choice.value; again(); });
  });
  if (firstYear) { [firstYear, lastYear].forEach(function (choice) { choice.addEventListener("change", again); }); }
  if (backbone) { backbone.addEventListener("change", refresh); }
  document.querySelectorAll("[name=colour]").forEach(function (choice) {
    choice.addEventListener("change", function () {
      colouring = choice.value;
      byId("by-country").hidden = colouring !== "country";
      byId("by-community").hidden = colouring === "country";
      paintNodes();
    });
  });

  function go(index) {
    network.selectNodes([index]);
    network.focus(index, { scale: base * 2.6, animation: calm.matches ? false : { duration: 500, easingFunction: "easeInOutQuad" } });
    open(index);
  }
  function button(index, text) {
    var made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", function () { go(index); byId("panel").focus(); });
    return made;
  }
  function lead(link, address, text) {
    link.hidden = !address;
    link.setAttribute("href", address);
    link.textContent = text;
  }
  /* The list of papers of two: as links.py writes it, of the years chosen. */
  function addressOf(a, b, years) {
    var first = details[a].link;
    return first && first + "&with=" + encodeURIComponent(details[b].id) + (years ? "&year=" + years : "");
  }
  function yearsChosen() {
    if (allYears()) { return ""; }
    return firstYear.value === lastYear.value ? firstYear.value : firstYear.value + "-" + lastYear.value;
  }
  var tie = null;
  function openTie(index) {
    var edge = data.edges[index], counts = together[index], years = edge.years.filter(function (_, i) { return i % 3 === 0; });
    hidePanel();
    tie = index;
    [["tie-from", edge.from], ["tie-to", edge.to]].forEach(function (end) {
      byId(end[0]).textContent = title(end[1]);
      byId(end[0]).onclick = function () { go(end[1]); byId("panel").focus(); };
    });
    lead(byId("tie-link"), counts[0] ? addressOf(edge.from, edge.to, yearsChosen()) : "", word("map_tie_papers"));
    byId("tie-papers-label").textContent = word("map_papers") + (allYears() ? "" : " " + word("map_in_years"));
    byId("tie-papers").textContent = number(counts[0]);
    byId("tie-weight-label").textContent = word("map_tie_weight");
    byId("tie-weight").textContent = number(Math.round(counts[1] * 100) / 100);
    byId("tie-years").textContent = years.map(function (year, i) { return year + ": " + number(edge.years[3 * i + 1]); }).join(side() ? "；" : " · ");
    byId("tie").hidden = false;
    byId("tie").scrollIntoView({ block: "nearest" });
  }
  function hidePanel() { selected = null; byId("panel").hidden = true; }
  function hideTie() { tie = null; byId("tie").hidden = true; }
  function open(index) {
    var node = details[index], list = byId("panel-top");
    hideTie();
    selected = index;
    lead(byId("panel-link"), node.link, word("map_its_papers"));
    byId("panel-en").textContent = node.en;
    byId("panel-zh").textContent = node.zh === node.en ? "" : node.zh;
    byId("panel-facts").textContent = node.facts[side()] + (node.community ? " · " + word("map_community") + " " + node.community : "");
    byId("panel-papers-label").textContent = word("map_papers");
    byId("panel-papers").textContent = node.papers[side()];
    byId("panel-partners-label").textContent = word("map_partners");
    byId("panel-partners").textContent = node.partners[side()];
    byId("panel-top-label").textContent = node.top.length ? word("map_top_partners") : "";
    list.textContent = "";
    node.top.forEach(function (pair) {
      var item = document.createElement("li"), address = addressOf(index, pair[0], "");
      var amount = document.createElement(address ? "a" : "span");
      if (address) { amount.className = "ev"; amount.href = address; }
      amount.textContent = papers(pair[1]);
      item.appendChild(button(pair[0], title(pair[0])));
      item.appendChild(amount);
      list.appendChild(item);
    });
    byId("panel").hidden = false;
    byId("panel").scrollIntoView({ block: "nearest" });
  }
  function close() { hidePanel(); hideTie(); network.unselectAll(); }
  byId("tie-close").addEventListener("click", function () { close(); byId("search").focus(); });
  byId("close").addEventListener("click", function () { close(); byId("search").focus(); });
  network.on("click", function (event) { if (event.nodes.length) { open(event.nodes[0]); } else if (event.edges.length) { openTie(event.edges[0]); } else { close(); } });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && (selected !== null || tie !== null)) { close(); byId("search").focus(); }
  });

  var search = byId("search"), found = byId("found");
  var texts = details.map(function (node) { return (node.en + "\n" + node.zh).toLocaleLowerCase(); });
  function matches() {
    var wanted = search.value.trim().toLocaleLowerCase(), hits = [];
    if (!wanted) { return null; }
    for (var i = 0; i < texts.length && hits.length < 12; i += 1) { if (texts[i].indexOf(wanted) >= 0) { hits.push(i); } }
    return hits;
  }
  function list() {
    var hits = matches();
    found.textContent = "";
    if (hits === null) { return; }
    hits.forEach(function (index) {
      var item = document.createElement("li");
      item.appendChild(button(index, title(index)));
      found.appendChild(item);
    });
    if (!hits.length) {
      var nothing = document.createElement("li");
      nothing.textContent = word("map_nothing");
      found.appendChild(nothing);
    }
  }
  search.addEventListener("input", list);
  search.addEventListener("keydown", function (event) {
    var hits = event.key === "Enter" ? matches() : null;
    if (hits && hits.length) { go(hits[0]); }
  });

  function zoom(factor) { network.moveTo({ scale: network.getScale() * factor, animation: false }); }
  byId("zoom-in").addEventListener("click", function () { zoom(1.4); });
  byId("zoom-out").addEventListener("click", function () { zoom(1 / 1.4); });
  byId("zoom-all").addEventListener("click", fit);

  document.addEventListener("language", function () {
    label(); tell(); list();
    if (selected !== null) { open(selected); }
    if (tie !== null) { openTie(tie); }
  });
  dark.addEventListener("change", function () { paintNodes(); paintEdges(); });
  var waiting = 0;
  addEventListener("resize", function () { clearTimeout(waiting); waiting = setTimeout(fit, 150); });
  paintNodes(); paintEdges(); fit(); tell();
  /* For tests and for whoever wants to look closer in the browser's console. */
  window.bibliometricsMap = { network: network, nodes: nodes, edges: visible, open: open, openTie: openTie, go: go,
    look: look, colour: colour, about: data.about, tieAt: function (index) { return together[index]; } };
})();
