/* SPDX-License-Identifier: MIT
 * What an account has of its own, merged into the catalogue. */
#include "connection/connection_describe.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "catalogue/catalogue_overlay.h"
#include "connection/able.h"
#include "connection/border.h"
#include "connection/instance.h"

/* Only fields may be described: what an entity can do is the plugin's word, not the account's. */
static char *overlay(const char *entity, json_t *described)
{
    json_t *fields = json_object_get(described, "fields");
    if (!json_is_array(fields) || json_object_size(described) != 1)
        return NULL;
    json_t *whole = json_pack("{s:[{s:s,s:O}]}", "entities", "name", entity, "fields", fields);
    char *text = whole ? json_text(whole, false, NULL) : NULL;
    json_decref(whole);
    return text;
}

static int merge(struct connection *c, const char *entity, json_t *described,
                 struct catalogue **out, struct koppel_error *err)
{
    const char *plugin = c->conf->plugin->entry.name;
    struct border_fault fault;
    char words[512];
    if (!described)
        return err_reason(err, KOPPEL_E_BUG, "plugin.no_result",
                          "connector %s: describe of %s gave nothing", plugin, entity);
    if (!border_check(described, &fault)) {
        border_words(&fault, words, sizeof words);
        return err_reason(err, KOPPEL_E_BUG, fault.reason, "connector %s: describe of %s: %s",
                          plugin, entity, words);
    }
    char *text = overlay(entity, described);
    if (!text)
        return err_reason(err, KOPPEL_E_BUG, "plugin.describe",
                          "connector %s: describe of %s gives an object with \"fields\", and "
                          "nothing else", plugin, entity);
    *out = catalogue_overlay(c->conf->catalogue, text, err);
    free(text);
    if (*out)
        return 0;
    err_prefix(err, "connector %s: describe of %s", plugin, entity);
    if (err->kind == KOPPEL_E_CONFIG)
        err->kind = KOPPEL_E_BUG;
    return -1;
}

int connection_describe(struct connection *c, const char *entity, struct catalogue **out,
                        struct koppel_error *err)
{
    struct koppel_error why = {0};
    struct instance_call call;
    json_t *described = NULL;
    const struct cat_entity *e = catalogue_entity(c->conf->catalogue, entity);
    if (e && !(e->can & CAN_DESCRIBE)) {
        *out = catalogue_overlay(c->conf->catalogue, "{}", err);
        return *out ? 0 : -1;
    }
    if (!e && !able_entity(c, entity, CAN_DESCRIBE, "describe", err))
        return -1;
    int rc = instance_begin(c, "describe", entity, NULL, &call, &why);
    if (rc == 0) {
        rc = c->conf->plugin->connector.describe(call.instance->self, entity, &described, &why);
        if (rc == 0)
            rc = merge(c, entity, described, out, &why);
        rc = instance_end(&call, rc, &why);
    }
    json_decref(described);
    if (rc < 0 && err)
        *err = why;
    return rc;
}
