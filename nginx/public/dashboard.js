// Starts the dashboard. Applies the colours first, so that they do not change on screen.

import { App } from "./app.js";
import { applyTheme, themeOf } from "./elements/theme-button.js";

const app = new App(window);
applyTheme(themeOf(app.preferences));
app.start();
