// Beside a line chart: the figures of the day nearest to the pointer. Charts say all they have to say without it.
(function () {
  "use strict";
  function readings(chart) {
    var found = {};
    chart.querySelectorAll("circle[data-on]").forEach(function (point) {
      var on = point.getAttribute("data-on");
      var held = found[on] || (found[on] = { x: Number(point.getAttribute("cx")), said: [] });
      held.said.push(point.getAttribute("data-said"));
    });
    return found;
  }
  function nearest(found, x) {
    var best = null;
    Object.keys(found).forEach(function (on) {
      if (best === null || Math.abs(found[on].x - x) < Math.abs(found[best].x - x)) { best = on; }
    });
    return best;
  }
  function attend(chart) {
    var out = document.createElement("p");
    out.className = "readout unprinted";
    chart.after(out);
    chart.addEventListener("pointermove", function (event) {
      var frame = chart.getBoundingClientRect();
      var found = readings(chart);
      var on = nearest(found, (event.clientX - frame.left) / frame.width * chart.viewBox.baseVal.width);
      if (on !== null) { out.textContent = on + "  " + found[on].said.join("  ·  ") + " " + chart.getAttribute("data-unit"); }
    });
    chart.addEventListener("pointerleave", function () { out.textContent = ""; });
  }
  document.querySelectorAll("svg.drawn.line").forEach(attend);
})();
