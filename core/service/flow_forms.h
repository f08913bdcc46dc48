/* SPDX-License-Identifier: MIT
 * What a form shows of a flow: everything that can be set, and what is set where. */
#ifndef KOPPEL_SERVICE_FLOW_FORMS_H
#define KOPPEL_SERVICE_FLOW_FORMS_H

#include "service/service.h"

/* {"flow"}: as the flow's file stands on the disk,
 * {"flow", "file", "digest", "revision": the active one or null, "refused": why the file cannot be
 * written, or null,
 * "data": the file as JSON, "lines": {path: line} of it (conf_edit_json.h),
 * "from", "to": {"connection", "connector", "entity", "title", "titles"}, "model", "enabled",
 * "closed": [mistakes that switching it on would make], [] where it is on,
 * "fields": [{"group": "flow", "settings", "options" or the name of a reference, "path": of an
 *   edit, "name", "title", "titles": it in languages or null, "help", "helps", "type", "values",
 *   "choices": {"connection", "list"} or null, "many", "required", "requires", "scope", "min",
 *   "max", "default"}] (type: as a catalogue names it; min and max null where there are none, of a
 *   duration in ms),
 * "filter": [{"words", "line"}],
 * "mistakes": [as conf_report_json]}.
 * With mistakes what a form is made of comes from the configuration that is active; fields are []
 * where none is. */
int flow_forms_show(struct service *s, const struct service_ask *ask, json_t **out,
                    struct koppel_error *err);

#endif
