// The layer of places on the map's page: asked for once, filtered here, opened by a click.
import * as L from "leaflet/dist/leaflet-src.esm.js";
import { PlacesLayer, today, unfolded } from "./map_places.js";

export function watchRegister(map, dataset) {
  const switched = document.getElementById("map-places");
  const filters = document.getElementById("map-filters");
  const words = dataset.grades.split(",");
  const state = { map, words, layer: new PlacesLayer({ padding: 0.3, pane: pane(map), letters: words.map((one) => one[0] ?? "") }), places: [], etag: "" };
  const refresh = () => (switched.checked ? load(state, dataset.places).then(() => show(state, filters)) : hide(state, filters));
  switched.addEventListener("change", refresh);
  filters.addEventListener("change", () => show(state, filters));
  document.body.addEventListener("live", () => switched.checked && refresh());
  map.on("mousemove", ({ containerPoint }) => point(state, containerPoint));
  map.on("click", (event) => opened(state, event.containerPoint, dataset));
  const wanted = /^#place=(\d+)$/.exec(location.hash)?.[1];
  if (wanted) switched.checked = true;
  if (switched.checked) refresh().then(() => wanted && goTo(state, Number(wanted)));
  new MutationObserver(() => state.layer._map && state.layer._draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  // whoever draws beneath asks first whether the click was meant for a place
  return { takes: (containerPoint) => Boolean(state.layer._map && state.layer.at(containerPoint)) };
}

function pane(map) {
  const made = map.createPane("register");
  made.style.zIndex = 450;
  made.style.pointerEvents = "none";
  return "register";
}

// The answer is never kept by the browser; asked again while the page is open, it is sent only when it changed.
async function load(state, address) {
  const headers = { "X-Passive": "1", ...(state.etag && { "If-None-Match": state.etag }) };
  const answer = await fetch(address, { headers, credentials: "same-origin", cache: "no-store" });
  if (answer.status !== 200) return;
  state.etag = answer.headers.get("ETag") ?? "";
  Object.assign(state, unfolded(await answer.json()));
}

function show(state, filters) {
  const { kind, grade, due } = Object.fromEntries(new FormData(filters));
  const level = grade ? state.grades.indexOf(grade) : -1;
  const day = today();
  const shown = state.places.filter((one) => (!kind || one.kind === kind) && (level < 0 || one.grade === level) && (!due || (one.due && one.due <= day)));
  filters.hidden = false;
  filters.querySelector("output").textContent = `${shown.length}${state.more ? "+" : ""}`;
  state.layer.show(shown);
  if (!state.layer._map) state.layer.addTo(state.map);
  state.map.getContainer().classList.add("with-register");
}

async function hide({ layer, map }, filters) {
  filters.hidden = true;
  map.getContainer().style.cursor = "";
  map.getContainer().classList.remove("with-register");
  layer.remove();
}

function point({ layer, map, words }, containerPoint) {
  if (!layer._map) return;
  const group = layer.at(containerPoint);
  map.getContainer().style.cursor = group ? "pointer" : "";
  if (group === layer.pointed) return;
  layer.pointed = group;
  layer.tip?.remove();
  if (!group) return;
  const { members, counts } = group;
  const [one] = members;
  const says = members.length === 1 ? `${one.name} · ${words[one.grade]}` : [1, 2, 3, 0].filter((n) => counts[n]).map((n) => `${words[n]} ${counts[n]}`).join(" · ");
  const at = map.containerPointToLatLng(containerPoint);
  layer.tip = L.tooltip({ direction: "top", offset: [0, -12] }).setLatLng(at).setContent(document.createTextNode(says)).addTo(map);
}

function opened({ layer, map }, containerPoint, dataset) {
  const group = layer._map && layer.at(containerPoint);
  if (!group) return;
  const { members } = group;
  if (members.length === 1) return location.assign(dataset.place.replace("0", members[0].tag));
  map.fitBounds(members.map(({ lat, lon }) => [lat, lon]), { padding: [60, 60], maxZoom: Math.max(map.getZoom() + 1, 17) });
}

function goTo({ map, places }, tag) {
  const found = places.find((one) => one.tag === tag);
  if (found) map.setView([found.lat, found.lon], 17, { animate: false });
}
