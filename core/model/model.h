/* SPDX-License-Identifier: MIT
 * The core models a flow can speak, and the settings a flow may give each of them. */
#ifndef KOPPEL_MODEL_MODEL_H
#define KOPPEL_MODEL_MODEL_H

#include "plugin/catalogue.h"

struct model {
    const char *name;
    const struct cat_setting *settings;
    int count;
};

/* NULL: no such model. */
const struct model *model_find(const char *name);

#endif
