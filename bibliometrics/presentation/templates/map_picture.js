/* Saves what the map shows: as PNG from the canvas, as SVG drawn anew from the same places. */
(function () {
  "use strict";
  var map = window.bibliometricsMap;
  var LINE = 26, SVG = "http://www.w3.org/2000/svg";
  function offer(blob, kind) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = "map." + kind;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }
  function ground() { return getComputedStyle(document.querySelector(".stage")).backgroundColor; }
  document.getElementById("save-png").addEventListener("click", function () {
    var seen = document.querySelector("#map canvas"), copy = document.createElement("canvas");
    var scale = seen.width / seen.clientWidth, pen = copy.getContext("2d");
    copy.width = seen.width;
    copy.height = seen.height + LINE * scale;
    pen.fillStyle = ground();
    pen.fillRect(0, 0, copy.width, copy.height);
    pen.drawImage(seen, 0, 0);
    pen.fillStyle = map.colour("label");
    pen.font = 13 * scale + "px " + getComputedStyle(document.body).fontFamily;
    pen.fillText(map.about, 10 * scale, copy.height - 8 * scale, copy.width - 20 * scale);
    copy.toBlob(function (blob) { offer(blob, "png"); }, "image/png");
  });

  function add(parent, name, attributes, text) {
    var made = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    // XML has no place for control characters, which a record may hold.
    if (text !== undefined) { made.textContent = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd"); }
    parent.appendChild(made);
    return made;
  }
  function outline(shape, x, y, r) {
    return shape === "diamond" ? [[x, y - r], [x + r, y], [x, y + r], [x - r, y]]
      : [[x, y - r], [x + r, y + 0.8 * r], [x - r, y + 0.8 * r]];
  }
  document.getElementById("save-svg").addEventListener("click", function () {
    var seen = document.querySelector("#map canvas"), network = map.network, scale = network.getScale();
    var width = seen.clientWidth, height = seen.clientHeight, face = getComputedStyle(document.body).fontFamily;
    var spots = {}, nodes = map.nodes.get();
    nodes.forEach(function (node) { spots[node.id] = network.canvasToDOM(network.getPosition(node.id)); });
    var root = document.createElementNS(SVG, "svg");
    root.setAttribute("viewBox", "0 0 " + width + " " + (height + LINE));
    add(root, "rect", { width: width, height: height + LINE, fill: ground() });
    var group = add(root, "g", { "class": "ties" });
    map.edges.get().forEach(function (edge) {
      var a = spots[edge.from], b = spots[edge.to], own = map.look(edge.id);
      add(group, "line", { x1: a.x.toFixed(1), y1: a.y.toFixed(1), x2: b.x.toFixed(1), y2: b.y.toFixed(1),
        stroke: edge.color.color, "stroke-width": (own.width * scale).toFixed(2), "stroke-opacity": own.opacity.toFixed(2) });
    });
    group = add(root, "g", { "class": "nodes", stroke: map.colour("paper") });
    nodes.slice().reverse().forEach(function (node) {
      var at = spots[node.id], r = node.size * scale, paint = { fill: node.color.background };
      if (node.shape === "dot") {
        paint.cx = at.x.toFixed(1); paint.cy = at.y.toFixed(1); paint.r = r.toFixed(1);
      } else {
        paint.points = outline(node.shape, at.x, at.y, r).map(function (p) { return p[0].toFixed(1) + "," + p[1].toFixed(1); }).join(" ");
      }
      add(add(group, node.shape === "dot" ? "circle" : "polygon", paint), "title", {}, node.label);
    });
    group = add(root, "g", { "class": "names", "font-family": face, "text-anchor": "middle", fill: map.colour("label"),
      stroke: map.colour("halo"), "stroke-width": 3, "paint-order": "stroke" });
    nodes.forEach(function (node) {
      var size = node.font.size * scale, at = spots[node.id], lift = (node.font.vadjust || 0) * scale;
      if (size < 9.5) { return; }
      add(group, "text", { x: at.x.toFixed(1), y: (at.y + node.size * scale + size + 3 + lift).toFixed(1), "font-size": Math.min(size, 17).toFixed(1) }, node.label);
    });
    add(root, "text", { x: 10, y: height + LINE - 8, "font-size": 13, "font-family": face, fill: map.colour("label") }, map.about);
    offer(new Blob([new XMLSerializer().serializeToString(root)], { type: "image/svg+xml" }), "svg");
  });
})();
