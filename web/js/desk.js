// Small behaviours of the pages. Everything works without them; each module adds one thing.
import { watchClocks } from "./clocks.js";
import { watchForms } from "./forms.js";
import { watchKeys } from "./keys.js";
import { watchLive } from "./live.js";
import { watchOverlays } from "./overlays.js";
import { watchPhotos } from "./photos.js";
import { watchSheets } from "./sheets.js";
import { watchTheme } from "./theme.js";
import { watchToasts } from "./toasts.js";
import { watchTyping } from "./typing.js";

const words = JSON.parse(document.body.dataset.words || "{}");
watchTheme();
watchOverlays();
watchToasts(words);
watchClocks(words);
watchForms(words);
watchPhotos(words);
watchSheets();
watchTyping();
watchKeys();
watchLive(words);
