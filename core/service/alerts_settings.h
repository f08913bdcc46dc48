/* SPDX-License-Identifier: MIT
 * alerts.conf as a form: who is told of what. */
#ifndef KOPPEL_SERVICE_ALERTS_SETTINGS_H
#define KOPPEL_SERVICE_ALERTS_SETTINGS_H

#include "service/service.h"

/* {}: {"writable","why" (why not, or null),
 *  "settings": {"name","language","url","personal","digest","weekly","heartbeat"} as far as the
 *    file has them,
 *  "channels":[{"channel","type","settings": its members but for secrets and addresses that are
 *    secrets,"secrets": {NAME: {"set":true,"from":"sealed" | "env" | "file" | "credential"}}}],
 *  "rules":[{"rule","on","severity","usual_severity","measure" ("after","before","count","percent"
 *    or null),"threshold" (ms, a count or percent; 0 of "after": by the interval of the
 *    flow),"usual","channels" (names; null: all),"changed": it is another one than usual}]},
 * of the file as it stands on the disk. */
int alerts_settings_show(struct service *s, const struct service_ask *ask, json_t **out,
                         struct koppel_error *err);

#endif
