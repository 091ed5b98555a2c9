/** All recipes. */

import type { Recipe } from "../recipe.ts";
import { DATABASES } from "./databases.ts";
import { DEVICES } from "./devices.ts";
import { FILES } from "./files.ts";
import { INFRASTRUCTURE } from "./infrastructure.ts";
import { MAIL } from "./mail.ts";
import { MEDIA } from "./media.ts";
import { NAMES } from "./names.ts";
import { OUTSIDE_WEB } from "./outside_web.ts";
import { OUTSIDE_DATA } from "./outside_data.ts";
import { OUTSIDE_SYSTEMS } from "./outside_systems.ts";
import { OUTSIDE_NPM } from "./outside_npm.ts";
import { CLUSTERS } from "./clusters.ts";
import { DEVELOPMENT } from "./development.ts";
import { TELEPHONY } from "./telephony.ts";
import { MIDDLEWARE_RECIPES } from "./middleware.ts";
import { NPM_SERVERS } from "./npm_servers.ts";
import { REMOTE } from "./remote.ts";
import { SYSTEMS } from "./systems.ts";
import { WEB } from "./web.ts";
import { WITHHELD_RECIPES } from "./withheld.ts";

/** The recipes of all servers. */
export const RECIPES: readonly Recipe[] = [
  ...WEB,
  ...MAIL,
  ...DATABASES,
  ...FILES,
  ...REMOTE,
  ...MEDIA,
  ...DEVICES,
  ...NAMES,
  ...SYSTEMS,
  ...OUTSIDE_NPM,
  ...OUTSIDE_SYSTEMS,
  ...OUTSIDE_DATA,
  ...OUTSIDE_WEB,
  ...TELEPHONY,
  ...DEVELOPMENT,
  ...CLUSTERS,
  ...NPM_SERVERS,
  ...MIDDLEWARE_RECIPES,
  ...INFRASTRUCTURE,
  ...WITHHELD_RECIPES,
];
