// The dashboard: chooses the colours, then starts.

import { App } from "./app.js";
import { applyTheme, themeOf } from "./elements/theme-button.js";

const app = new App(window);
applyTheme(themeOf(app.preferences));
app.start();
