/* SPDX-License-Identifier: MIT
 * The core models a flow can speak: their fields, and the settings a flow may give each of them.
 * They are catalogues like those of the plugins, built into the program from core/model/ *.json. */
#ifndef KOPPEL_MODEL_MODEL_H
#define KOPPEL_MODEL_MODEL_H

#include "catalogue/catalogue.h"

struct model {
    const char *name, *title;
    const struct cat_setting *settings;
    int count;
    const json_t *settings_json;     /* the same as text, with their words in every language */
    const struct cat_entity *record; /* its fields; read-only ones are the engine's; NULL: any */
};

/* NULL: no such model. "article" is another name of "product", "record" the model without a shape.
 * What it gives lives until the program ends. */
const struct model *model_find(const char *name);
/* The models in turn, for lists; NULL behind the last. */
const struct model *model_at(int index);

#endif
