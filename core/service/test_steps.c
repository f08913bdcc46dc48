/* SPDX-License-Identifier: MIT
 * The test of a connection as data. */
#include "service/test_steps.h"

#include "connection/connection_test.h"
#include "service/ask.h"

struct testing {
    const struct service_ask *ask;
    json_t *steps;
};

static int tell_step(void *arg, const struct connection_test_step *step)
{
    static const char *const outcomes[] = {"ok", "warning", "failed", "untried"};
    struct testing *t = arg;
    json_t *row = json_pack("{s:o,s:o,s:s,s:I,s:o,s:o,s:o}", "step", ask_json_text(step->step),
                            "of", ask_json_text(step->of), "outcome", outcomes[step->outcome], "ms",
                            (json_int_t)step->ms, "setting", ask_json_text(step->setting), "text",
                            ask_json_text(step->text), "advice", ask_json_text(step->advice));
    if (!row || json_array_append(t->steps, row) != 0) {
        json_decref(row);
        return -1;
    }
    return ask_tell(t->ask, row) ? 0 : -1;
}

static json_t *facts_of(const struct koppel_list *rows)
{
    json_t *facts = json_object();
    for (int i = 0; facts && i < rows->count; i++) {
        if (!rows->rows[i].outcome)
            json_object_set_new(facts, rows->rows[i].value, ask_json_text(rows->rows[i].title));
    }
    return facts;
}

int test_steps_run(struct connection *c, const struct conf *conf, const struct service_ask *ask,
                   json_t **out, struct koppel_error *err)
{
    struct testing t = {ask, json_array()};
    struct koppel_list facts = {0};
    struct koppel_error why = {0};
    bool warned = false;
    *out = NULL;
    if (!t.steps)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = connection_test(c, conf, tell_step, &t, &facts, &warned, &why);
    bool person = rc != 0 && (why.kind == KOPPEL_E_CONFIG || why.kind == KOPPEL_E_REJECTED);
    if (rc != 0 && why.kind == KOPPEL_E_CANCELLED) {
        json_decref(t.steps);
        *err = why;
    } else {
        *out = json_pack("{s:s,s:b,s:o,s:o}", "outcome",
                         rc != 0 ? "failed" : warned ? "warning" : "ok", "person", person, "steps",
                         t.steps, "facts", facts_of(&facts));
        if (!*out)
            err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    list_done(&facts);
    return *out ? 0 : -1;
}
