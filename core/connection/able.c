/* SPDX-License-Identifier: MIT
 * What the catalogue says that an entity can do. */
#include "connection/able.h"

const struct cat_entity *able_entity(const struct connection *c, const char *entity, unsigned can,
                                     const char *verb, struct koppel_error *err)
{
    const struct conf_connection *conf = connection_conf(c);
    const struct cat_entity *e = catalogue_entity(conf->catalogue, entity);
    if (e && (e->can & can))
        return e;
    err_set(err, KOPPEL_E_CONFIG, e ? "connection %s: entity \"%s\" cannot %s"
                                    : "connection %s: no entity \"%s\" (wanted to %s)",
            conf->name, entity, verb);
    return NULL;
}

const char *able_key_field(const struct cat_entity *e)
{
    return e->field_count > 0 ? e->key : NULL;
}
