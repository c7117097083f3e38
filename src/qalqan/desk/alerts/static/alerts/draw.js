// Draws areas and circles on a map and writes them into the two text fields, which hold the truth.
(function () {
  "use strict";
  const box = document.getElementById("draw");
  if (!box || !window.L) return;
  const polygons = document.getElementById(box.dataset.polygons);
  const circles = document.getElementById(box.dataset.circles);
  const round = (value) => Math.round(value * 1e5) / 1e5;
  const lines = (field) => field.value.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  box.hidden = false;

  const place = document.getElementById("draw-map");
  place.setAttribute("aria-label", box.dataset.label);
  place.setAttribute("role", "application");
  const map = L.map(place, { attributionControl: false, zoomSnap: 0.5 });
  map.setView([48.8, 58], 6);
  const drawn = L.layerGroup().addTo(map);
  const begun = L.layerGroup().addTo(map);
  let mode = "";
  let corners = [];
  let order = [];

  function changed(field) {
    field.dispatchEvent(new Event("change", { bubbles: true }));
    draw();
  }

  function draw() {
    drawn.clearLayers();
    const style = { color: "#a11", weight: 2, dashArray: "6 4" };
    lines(polygons).forEach((line) => {
      const ring = line.split(/\s+/).map((pair) => pair.split(",").map(Number));
      if (ring.length > 2 && ring.flat().every(Number.isFinite)) L.polygon(ring, style).addTo(drawn);
    });
    lines(circles).forEach((line) => {
      const [centre, radius] = line.split(/\s+/);
      const point = (centre || "").split(",").map(Number);
      if (point.length === 2 && point.every(Number.isFinite) && Number(radius) > 0) {
        L.circle(point, { ...style, radius: Number(radius) * 1000 }).addTo(drawn);
      }
    });
  }

  function add(field, line, name) {
    field.value = [...lines(field), line].join("\n");
    order.push(name);
    stop();
    changed(field);
  }

  function stop() {
    corners = [];
    begun.clearLayers();
    setMode("");
  }

  function setMode(next) {
    mode = next;
    box.querySelectorAll("[aria-pressed]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.draw === mode));
    });
  }

  function finish() {
    if (mode === "polygon" && corners.length > 2) {
      const ring = [...corners, corners[0]];
      add(polygons, ring.map((c) => `${round(c.lat)},${round(c.lng)}`).join(" "), "polygon");
    } else {
      stop();
    }
  }

  function undo() {
    const name = order.pop() || (lines(polygons).length ? "polygon" : "circle");
    const field = name === "polygon" ? polygons : circles;
    field.value = lines(field).slice(0, -1).join("\n");
    changed(field);
  }

  map.on("click", (event) => {
    if (!mode) return;
    corners.push(event.latlng);
    if (mode === "circle" && corners.length === 2) {
      const metres = Math.max(map.distance(corners[0], corners[1]), 50);
      const at = corners[0];
      add(circles, `${round(at.lat)},${round(at.lng)} ${Math.round(metres / 10) / 100}`, "circle");
      return;
    }
    begun.clearLayers();
    corners.forEach((c) => L.circleMarker(c, { radius: 4, color: "#a11" }).addTo(begun));
    if (corners.length > 1) L.polyline(corners, { color: "#a11" }).addTo(begun);
  });

  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-draw]");
    if (!button) return;
    const wanted = button.dataset.draw;
    if (wanted === "finish") finish();
    else if (wanted === "undo") undo();
    else if (mode === wanted) stop();
    else {
      stop();
      setMode(wanted);
    }
  });
  [polygons, circles].forEach((field) => field.addEventListener("input", draw));

  fetch(box.dataset.source, { headers: { Accept: "application/json" } })
    .then((answer) => answer.json())
    .then((data) => {
      const shapes = L.geoJSON(data, {
        interactive: true,
        style: { color: "#567", weight: 1, fillOpacity: 0.04 },
        pointToLayer: (feature, at) => L.circleMarker(at, { radius: 2.5, color: "#567" }),
        onEachFeature: (feature, layer) => layer.bindTooltip(feature.properties.name),
      }).addTo(map);
      if (shapes.getLayers().length) map.fitBounds(shapes.getBounds());
    })
    .catch(() => {});
  draw();
})();
