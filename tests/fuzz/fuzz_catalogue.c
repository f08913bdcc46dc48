/* SPDX-License-Identifier: MIT
 * Catalogue text, and the same text as an overlay of a small catalogue and of itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue_overlay.h"
#include "catalogue/catalogue_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static const char base_text[] =
    "{\"title\":\"Books\",\"settings\":[{\"name\":\"url\",\"type\":\"url\"}],"
    "\"entities\":[{\"name\":\"debtor\",\"model\":\"customer\",\"key\":\"number\","
    "\"can\":[\"read\",\"find\",\"create\"],\"repeat\":\"lookup\","
    "\"fields\":[{\"name\":\"number\"},{\"name\":\"mail\"},"
    "{\"name\":\"lines\",\"type\":\"list\",\"fields\":[{\"name\":\"vat\"}]}],"
    "\"find\":[\"mail\"],\"match\":{\"email\":\"mail\"}}]}";

static void look(const struct catalogue *c)
{
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = catalogue_entity(c, c->entities[i].name);
        catalogue_field(e, "lines[0].vat");
        if (e->key)
            catalogue_field(e, e->key);
        for (int k = 0; k < e->reference_count; k++)
            catalogue_reference(e, e->references[k].name);
    }
    for (int i = 0; i < c->setting_count; i++)
        catalogue_setting(c, c->settings[i].name);
    for (int i = 0; i < c->function_count; i++)
        catalogue_function(c, c->functions[i].name);
}

static void overlay(const struct catalogue *c, const char *text)
{
    struct koppel_error err = {0};
    struct catalogue *both = catalogue_overlay(c, text, &err);
    if (both)
        look(both);
    else if (!err.text[0])
        abort();
    catalogue_free(both);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct koppel_error err = {0};
    char *text = malloc(bytes + 1);
    if (!text)
        return 0;
    if (bytes)
        memcpy(text, data, bytes);
    text[bytes] = '\0';
    struct catalogue *c = catalogue_parse(text, &err);
    if (c) {
        look(c);
        overlay(c, text);
    } else if (!err.text[0]) {
        abort();
    }
    catalogue_free(c);
    err.text[0] = '\0';
    struct catalogue *base = catalogue_parse(base_text, &err);
    if (!base)
        abort();
    overlay(base, text);
    catalogue_free(base);
    free(text);
    return 0;
}
