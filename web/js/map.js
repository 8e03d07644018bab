// The map of the beat: communities drawn on a canvas, open matters at their places, drawn anew with the stream.
// Words go in as text nodes only. Without this script the table beside the map says the same.
import * as L from "leaflet/dist/leaflet-src.esm.js";
import { clustered } from "./map_clusters.js";
import { watchRegister } from "./map_register.js";

const box = document.getElementById("map");
if (box) start(box);

function start({ dataset }) {
  const renderer = L.canvas({ padding: 0.5 });
  const map = L.map("map", { renderer, zoomControl: false, maxZoom: 19, attributionControl: Boolean(dataset.tiles), zoomSnap: 0.25 });
  L.control.zoom({ position: "topright" }).addTo(map);
  map.attributionControl?.setPrefix(false);
  // a canvas needs a view before anything is drawn on it
  map.setView([22.77, 113.27], 12);
  if (dataset.tiles) L.tileLayer(dataset.tiles, { maxZoom: 18 }).addTo(map);
  const layers = { areas: L.layerGroup().addTo(map), matters: L.layerGroup().addTo(map) };
  const state = { map, renderer, dataset, layers, features: [], fitted: location.hash.startsWith("#place=") };
  state.register = watchRegister(map, dataset);
  const draw = () => load(dataset.from).then((features) => redraw(state, features));
  draw();
  document.body.addEventListener("live", draw);
  new MutationObserver(() => redraw(state, state.features)).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw(state, state.features));
  map.on("zoomend", () => drawMatters(state));
}

async function load(address) {
  const answer = await fetch(address, { headers: { "X-Passive": "1" }, credentials: "same-origin" });
  return answer.ok ? (await answer.json()).features : [];
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const go = (url) => () => location.assign(url);

function redraw(state, features) {
  state.features = features;
  const areas = features.filter((one) => one.properties.is === "community");
  const most = Math.max(4, ...areas.map((one) => one.properties.open));
  const { layers, renderer, dataset } = state;
  layers.areas.clearLayers();
  for (const area of areas) {
    const { says, open, overdue, url } = area.properties;
    const shape = L.geoJSON(area, {
      renderer,
      style: {
        color: colour("surface"), weight: 2, fillColor: colour(overdue ? "burn" : "accent"),
        fillOpacity: open ? 0.15 + (0.3 * open) / most : 0.07,
      },
    });
    shape.on("click", ({ containerPoint }) => state.register.takes(containerPoint) || go(url)());
    shape.on("mouseover", () => shape.setStyle({ color: colour("maple-bright"), weight: 3 }).bringToFront());
    shape.on("mouseout", () => shape.setStyle({ color: colour("surface"), weight: 2 }));
    const tone = overdue ? "late" : open ? "open" : "calm";
    shape.bindTooltip(label(says, open, overdue, dataset), { permanent: true, direction: "center", className: `map-label ${tone}` });
    layers.areas.addLayer(shape);
  }
  if (!state.fitted && areas.length) {
    state.map.fitBounds(L.featureGroup(layers.areas.getLayers()).getBounds(), { padding: [8, 8], animate: false });
    state.fitted = true;
  }
  drawMatters(state);
}

function label(says, open, overdue, words) {
  const box = document.createElement("span");
  const count = document.createElement("b");
  box.append(says, count);
  count.textContent = overdue ? `${open} · ${words.overdue} ${overdue}` : `${open}`;
  return box;
}

const text = (says) => document.createTextNode(says);

function drawMatters({ map, layers, features }) {
  layers.matters.clearLayers();
  const matters = features.filter((one) => one.properties.is === "matter");
  for (const { at, members } of clustered(map, matters)) {
    const late = members.some((one) => one.properties.overdue);
    const size = members.length > 1 ? 34 : 18;
    const icon = L.divIcon({
      className: `map-cluster${late ? " late" : ""}`, iconSize: [size, size],
      html: members.length > 1 ? text(String(members.length)).textContent : "",
    });
    const [{ properties }] = members;
    const marker = L.marker(at, { icon, title: members.length > 1 ? String(members.length) : properties.says, alt: properties.says });
    marker.on("click", members.length > 1 ? () => map.setView(at, map.getZoom() + 2) : go(properties.url));
    layers.matters.addLayer(marker);
  }
}
