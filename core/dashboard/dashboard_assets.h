/* SPDX-License-Identifier: MIT
 * What a browser loads: compiled in, every file compressed with gzip. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_ASSETS_H
#define KOPPEL_DASHBOARD_DASHBOARD_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct dashboard_asset {
    const char *path; /* "/js/app.js"; "/" is the page itself */
    const char *type; /* "text/javascript; charset=utf-8" */
    const void *bytes; /* as gzip */
    size_t size;
    const char *etag; /* in its quotes */
    bool immutable;   /* its content never changes under this path */
};

/* NULL: there is none at this path. */
const struct dashboard_asset *dashboard_assets_find(const char *path);

#endif
