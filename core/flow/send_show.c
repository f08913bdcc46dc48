/* SPDX-License-Identifier: MIT
 * What would be sent. */
#include "flow/send_show.h"

#include <string.h>

#include "connection/connection_capture.h"

static const char *write_word(const struct send *s)
{
    static const char *const words[] = {[KOPPEL_VERB_CREATE] = "create",
                                        [KOPPEL_VERB_UPDATE] = "update",
                                        [KOPPEL_VERB_REMOVE] = "remove"};
    return words[send_verb(s)];
}

bool send_show_is_unknown(const json_t *record)
{
    const char *name, *text = json_string_value(record);
    json_t *value;
    size_t i;
    if (text)
        return strcmp(text, SEND_SHOW_UNKNOWN) == 0;
    json_object_foreach((json_t *)record, name, value) {
        if (send_show_is_unknown(value))
            return true;
    }
    json_array_foreach(record, i, value) {
        if (send_show_is_unknown(value))
            return true;
    }
    return false;
}

int send_show(struct flow *f, const struct send *s, json_t *shown, struct koppel_error *err)
{
    char version[SEND_VERSION_BYTES];
    struct koppel_write_item item = send_item(s, version);
    struct koppel_error refused = {0};
    json_t *requests = json_array();
    const char *why = NULL;
    if (!requests)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (!(s->entity->can & CAN_SHOW))
        why = "its connector does not show what it sends";
    else if (connection_capture(f->to, s->entity->name, send_verb(s), &item, requests, s->trace,
                                &refused) != 0)
        why = refused.text;
    else if (json_array_size(requests) == 0)
        why = "nothing needs to be sent: it stands there like this";
    json_t *request = json_array_get(requests, 0);
    json_array_append_new(shown,
                          json_pack("{s:s,s:s,s:s?,s:O,s:O?,s:s?}", "entity", s->entity->name,
                                    "write", write_word(s), "id", s->id, "record", s->record,
                                    "request", request, "why", request ? NULL : why));
    json_decref(requests);
    if (!refused.kind || send_show_is_unknown(s->record))
        return 0;
    *err = refused;
    return -1;
}
