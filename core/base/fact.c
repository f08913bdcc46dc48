/* SPDX-License-Identifier: MIT
 * Facts are few and rare: they are kept as the JSON text that the store takes. */
#include "base/fact.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "base/mask.h"

int fact_add(struct koppel_error *err, const char *name, const char *value)
{
    if (!err || !name || !name[0] || !value)
        return -1;
    char *masked = strdup(value);
    json_t *facts = err->facts[0] ? json_read_text(err->facts, NULL) : json_object();
    if (masked && facts) {
        size_t bytes = 0;
        mask_text(masked);
        json_object_set_new(facts, name, json_string(masked));
        char *text = json_text(facts, false, &bytes);
        if (text && bytes < sizeof err->facts)
            memcpy(err->facts, text, bytes + 1);
        free(text);
    }
    json_decref(facts);
    free(masked);
    return -1;
}

bool fact_text(const struct koppel_error *err, const char *name, char *out, size_t room)
{
    json_t *facts = err->facts[0] ? json_read_text(err->facts, NULL) : NULL;
    const char *text = json_string_value(json_object_get(facts, name));
    if (text)
        (void)cut_copy(out, room, text);
    json_decref(facts);
    return text != NULL;
}
