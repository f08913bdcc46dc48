/* SPDX-License-Identifier: MIT
 * A further certificate authority. */
#include "config/conf_authority.h"

#include <stdlib.h>
#include <string.h>

#include "config/conf_held.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_source.h"

const char *conf_authority_load(struct conf_loader *l, config_setting_t *group)
{
    config_setting_t *s = conf_member_get(group, "tls_ca");
    const char *file = conf_member_text(l, group, "tls_ca", NULL), *why = NULL, *held = NULL;
    size_t bytes = 0;
    if (!file)
        return NULL;
    const char *path = conf_loader_absolute(l, file);
    char *text = conf_source_read(l, path, &bytes, &why);
    if (!text) {
        conf_mistake(l, s, "cannot read %s: %s", path, why);
    } else if (!strstr(text, "-----BEGIN CERTIFICATE-----") &&
               !strstr(text, "-----BEGIN TRUSTED CERTIFICATE-----")) {
        conf_mistake(l, s, "%s holds no certificate (PEM, \"-----BEGIN CERTIFICATE-----\")", path);
    } else {
        conf_loader_digest(l, text, bytes); /* a renewed one makes another connection */
        held = conf_held_copy(l->held, text);
    }
    free(text);
    return held;
}
