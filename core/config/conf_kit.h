/* SPDX-License-Identifier: MIT
 * What the author of a plugin tells the kit (koppel plugin-test), in NAME.test.conf beside the
 * plugin. */
#ifndef KOPPEL_CONFIG_CONF_KIT_H
#define KOPPEL_CONFIG_CONF_KIT_H

#include "config/conf_file.h"

struct conf_kit_pair {
    const char *name, *text;
};

struct conf_kit {
    const char *manual;            /* absolute; NULL: where it usually lies */
    struct conf_kit_pair *skips;   /* checks that are left out, and why */
    int skip_count;
    struct conf_kit_pair *records; /* entities, and the file of a record to write; absolute */
    int record_count;
    struct conf_kit_pair *settings; /* values for settings that the kit makes up */
    int setting_count;
};

/* f NULL: there is no such file, so nothing is told. Held. */
const struct conf_kit *conf_kit_load(struct conf_loader *l, struct conf_file *f);

#endif
