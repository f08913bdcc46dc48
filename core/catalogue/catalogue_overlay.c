/* SPDX-License-Identifier: MIT
 * An overlay is merged into the text of a catalogue, and the result is parsed like any other. */
#include "catalogue/catalogue_overlay.h"

#include <string.h>

#include "catalogue/catalogue_parse.h"
#include "catalogue/member.h"

static json_t *find_named(json_t *list, const char *name)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) {
        const char *have = json_string_value(json_object_get(item, "name"));
        if (have && strcmp(have, name) == 0)
            return item;
    }
    return NULL;
}

static bool is_named_list(json_t *list)
{
    return json_is_array(list) && json_array_size(list) > 0
           && json_is_string(json_object_get(json_array_get(list, 0), "name"));
}

static int merge(json_t *base, json_t *overlay);

/* Elements with a known name are merged into it, others come behind. */
static int merge_list(json_t *base, json_t *overlay)
{
    size_t i;
    json_t *item;
    json_array_foreach(overlay, i, item) {
        const char *name = json_string_value(json_object_get(item, "name"));
        json_t *mine = name ? find_named(base, name) : NULL;
        int rc = mine ? merge(mine, item) : json_array_append(base, item);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int merge(json_t *base, json_t *overlay)
{
    const char *name;
    json_t *value;
    json_object_foreach(overlay, name, value) {
        json_t *mine = json_object_get(base, name);
        int rc;
        if (json_is_null(value))
            rc = mine ? json_object_del(base, name) : 0;
        else if (json_is_object(mine) && json_is_object(value))
            rc = merge(mine, value);
        else if (is_named_list(mine) && is_named_list(value))
            rc = merge_list(mine, value);
        else
            rc = json_object_set(base, name, value);
        if (rc < 0)
            return -1;
    }
    return 0;
}

struct catalogue *catalogue_overlay(const struct catalogue *base, const char *overlay_text,
                                    struct koppel_error *err)
{
    json_t *overlay = catalogue_parse_text(overlay_text, "overlay", err);
    if (!overlay)
        return NULL;
    if (!json_is_object(overlay)) {
        err_set(err, KOPPEL_E_CONFIG, "overlay: expected an object, found %s",
                member_type_name(overlay));
        json_decref(overlay);
        return NULL;
    }
    json_t *json = json_deep_copy(base->json);
    if (!json || merge(json, overlay) < 0) {
        err_set(err, KOPPEL_E_RETRY, "overlay: out of memory");
        json_decref(json);
        json_decref(overlay);
        return NULL;
    }
    json_decref(overlay);
    return catalogue_parse_tree(json, err);
}
