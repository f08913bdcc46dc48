/* SPDX-License-Identifier: MIT
 * The files of the pages, as they were compiled in: core/dashboard/assets, made by assets.py. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_ASSETS_H
#define KOPPEL_DASHBOARD_DASHBOARD_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct dashboard_asset {
    const char *path; /* "index.html"; the others are "a/DIGEST/js/app.js" */
    const char *type; /* of its content, with the character set */
    const unsigned char *bytes; /* gzip'd, and sent so: every browser that runs them takes it */
    size_t size;
    const char *etag; /* with its quotes */
    bool immutable;   /* the path changes with the content: it may be kept for ever */
};

/* NULL: there is none. Nothing but the exact path finds one. Lasts as long as the program. */
const struct dashboard_asset *dashboard_assets_find(const char *path);

#endif
