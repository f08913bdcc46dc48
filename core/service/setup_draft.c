/* SPDX-License-Identifier: MIT
 * A set-up that somebody works at. */
#include "service/setup_draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "service/service.h"
#include "store/store_sealed.h"

#define PREFIX "setup/"
#define NAME_BYTES (sizeof PREFIX + SETUP_DRAFT_ID)

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

static void name_of(const char *id, char out[NAME_BYTES])
{
    snprintf(out, NAME_BYTES, PREFIX "%s", id);
}

json_t *setup_draft_list(struct store *store, struct koppel_error *err)
{
    return store_sealed_names(store, PREFIX, err);
}

int setup_draft_new(struct store *store, const char *who, struct setup_draft *out,
                    struct koppel_error *err)
{
    char began[CLOCK_TEXT_BYTES];
    size_t i;
    json_t *id, *ids = setup_draft_list(store, err);
    long long last = 0;
    if (!ids)
        return -1;
    json_array_foreach(ids, i, id) {
        long long n = strtoll(json_string_value(id), NULL, 10);
        last = n > last ? n : last;
    }
    json_decref(ids);
    clock_format(clock_now_ms() / 1000 * 1000, began);
    *out = (struct setup_draft){0};
    snprintf(out->id, sizeof out->id, "%lld", last + 1);
    out->json = json_pack("{s:s,s:s,s:s,s:{},s:{},s:[],s:s}", "at", "systems", "who", who, "began",
                          began, "answers", "secrets", "systems", "prefix", "");
    return out->json ? 0 : no_memory(err);
}

int setup_draft_get(struct store *store, const char *id, struct setup_draft *out,
                    struct koppel_error *err)
{
    char name[NAME_BYTES];
    *out = (struct setup_draft){0};
    snprintf(out->id, sizeof out->id, "%s", id);
    name_of(out->id, name);
    if (store_sealed_get(store, name, &out->json, &out->rev, err) != 0)
        return -1;
    if (!out->json)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN,
                          "there is no set-up %s under way", out->id);
    return json_is_object(out->json) ? 0 : no_memory(err);
}

int setup_draft_put(struct store *store, struct setup_draft *d, struct koppel_error *err)
{
    char name[NAME_BYTES];
    int lost = 0;
    name_of(d->id, name);
    int rc = store_sealed_put(store, name, json_incref(d->json), d->rev, &lost, err);
    if (rc == 0 && lost)
        return err_reason(err, KOPPEL_E_RETRY, "setup.changed",
                          "somebody else went on with set-up %s meanwhile; look at it again",
                          d->id);
    d->rev++;
    return rc;
}

int setup_draft_drop(struct store *store, const char *id, struct koppel_error *err)
{
    char name[NAME_BYTES], copy[SETUP_DRAFT_ID];
    snprintf(copy, sizeof copy, "%s", id);
    name_of(copy, name);
    return store->ops->sealed_drop(store, name, err);
}

void setup_draft_done(struct setup_draft *d)
{
    json_decref(d->json);
    d->json = NULL;
}

json_t *setup_draft_answers(const struct setup_draft *d, const char *step)
{
    return json_object_get(json_object_get(d->json, "answers"), step);
}

void setup_draft_answer(struct setup_draft *d, const char *step, json_t *answers)
{
    (void)json_object_set(json_object_get(d->json, "answers"), step, answers);
}

const char *setup_draft_text(const struct setup_draft *d, const char *step, const char *question)
{
    return json_string_value(json_object_get(setup_draft_answers(d, step), question));
}
