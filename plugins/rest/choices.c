/* SPDX-License-Identifier: MIT
 * Choice lists and the probe; see choices.h. */
#include "choices.h"

#include "place.h"
#include "request.h"

#define TEXT_BYTES 400

static int tell_choice(struct rest *r, const json_t *call, const json_t *row,
                       struct koppel_list *out, struct koppel_error *err)
{
    static const char *const facts[] = {"rate", "kind", "until"};
    char value[TEXT_BYTES], title[TEXT_BYTES], fact[TEXT_BYTES];
    if (!place_text(row, koppel_get_text(call, "value", ""), value, sizeof value))
        return 0;
    if (!place_text(row, koppel_get_text(call, "title", ""), title, sizeof title))
        snprintf(title, sizeof title, "%s", value);
    if (r->host->row(out, value, title, err) != 0)
        return -1;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const char *place = koppel_get_text(call, facts[i], NULL);
        if (place && place_text(row, place, fact, sizeof fact) &&
            r->host->row_fact(out, facts[i], fact, err) != 0)
            return -1;
    }
    return 0;
}

int choices_list(struct rest *r, const char *list, struct koppel_list *out,
                 struct koppel_error *err)
{
    const json_t *call = json_object_get(json_object_get(r->service, "choices"), list);
    struct request q = {.call = call, .entity = "choices", .name = list, .method = "GET"};
    const struct vars none = VARS_NONE;
    struct answer a;
    if (!call)
        return r->host->fail(err, KOPPEL_E_BUG, "there is no list \"%s\"", list);
    int rc = request_run(r, &q, &none, &a, err);
    if (rc != 0)
        return rc > 0 ? r->host->fail(err, KOPPEL_E_CONFIG, "%s is not there", q.what) : -1;
    const json_t *rows = place_get(a.json, koppel_get_text(call, "list", ""));
    if (!a.none && !json_is_array(rows))
        rc = r->host->fail(err, KOPPEL_E_RETRY, "%s: the answer has no list", q.what);
    for (size_t i = 0; rc == 0 && i < json_array_size(rows); i++)
        rc = tell_choice(r, call, json_array_get(rows, i), out, err);
    answer_done(r, &a);
    return rc;
}

int choices_probe(struct rest *r, struct koppel_list *facts, struct koppel_error *err)
{
    const json_t *call = json_object_get(r->service, "probe");
    struct request q = {.call = call, .entity = "", .name = "probe", .method = "GET"};
    const struct vars none = VARS_NONE;
    struct answer a;
    const char *name;
    json_t *place;
    char text[TEXT_BYTES];
    if (r->host->row(facts, "address", r->base, err) != 0)
        return -1;
    if (!call) /* what entities answer is looked at by the core */
        return 0;
    int rc = request_run(r, &q, &none, &a, err);
    if (rc != 0)
        return rc > 0 ? r->host->fail(err, KOPPEL_E_CONFIG, "probe: it is not there") : -1;
    rc = r->host->step(facts, "log in", KOPPEL_STEP_OK, NULL, NULL, err);
    json_object_foreach(json_object_get(call, "facts"), name, place) {
        if (rc == 0 && place_text(a.json, json_string_value(place), text, sizeof text))
            rc = r->host->row(facts, name, text, err);
    }
    answer_done(r, &a);
    return rc;
}
