/* SPDX-License-Identifier: MIT
 * The files of the pages, compiled in. */
#include "dashboard/dashboard_assets.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <stdlib.h>
#include <string.h>

#ifdef HAVE_PAGES

struct table_row {
    const char *path, *type;
    size_t at, size;
    const char *etag;
    bool immutable;
};

#include "core/dashboard/dashboard_table.h"

#define COUNT (sizeof table / sizeof *table)

/* The compiler runs in the build folder, where the table was made too. The name stays here. */
__asm__(".pushsection .rodata\n"
        ".balign 16\n"
        "dashboard_assets_packed:\n"
        ".incbin \"core/dashboard/assets.bin\"\n"
        ".popsection\n");
extern __attribute__((visibility("hidden"))) const unsigned char dashboard_assets_packed[];

static struct dashboard_asset found[COUNT];

/* Before main, so that no thread sees it half made. */
__attribute__((constructor)) static void lay_out(void)
{
    for (size_t i = 0; i < COUNT; i++)
        found[i] = (struct dashboard_asset){table[i].path, table[i].type,
                                            dashboard_assets_packed + table[i].at, table[i].size,
                                            table[i].etag, table[i].immutable};
}

static int compare(const void *path, const void *row)
{
    return strcmp(path, ((const struct dashboard_asset *)row)->path);
}

const struct dashboard_asset *dashboard_assets_find(const char *path)
{
    return bsearch(path, found, COUNT, sizeof *found, compare);
}

#else

const struct dashboard_asset *dashboard_assets_find(const char *path)
{
    (void)path;
    return NULL;
}

#endif
