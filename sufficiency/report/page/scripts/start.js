"use strict";
/* The page's own map, from the data that it carries. */
unpacked("map-data").then(startMap);
