/* SPDX-License-Identifier: MIT
 * Customers. The e-mail address of one who has one decides alone who it is; numbers of two systems
 * may be those of two people. A card is never written over by another customer than the one it was
 * made for, and never turned from a person's into a company's silently. */
#include "behaviour/behaviour_customer.h"

#include <stdio.h>
#include <string.h>

#include "base/fold.h"
#include "mapping/map.h"
#include "mapping/role.h"

static bool is_filled(const struct subject *s, const char *name)
{
    return !fold_is_blank(subject_text(s, name));
}

/* Who is no longer a customer at the source stays at the destination, with the history there. */
static bool ended(const struct subject *s)
{
    return s->gone || json_is_false(json_object_get(s->core, "active")) ||
           strcmp(subject_text(s, "active"), "false") == 0;
}

static void lock(const struct subject *s, char *out, size_t room)
{
    (void)fold_key_into(subject_text(s, is_filled(s, "email") ? "email" : "number"), out, room);
}

/* A number is the source's own: the destination gives one of its own to what is made there. */
static bool findable(const struct subject *s)
{
    for (int i = 0; i < s->entity->match_count; i++) {
        const char *core = s->entity->match[i].core;
        if (strcmp(core, "number") != 0 && is_filled(s, core))
            return true;
    }
    return false;
}

/* The value that a role has in the destination's record, and in what the mapping makes of ours. */
static bool equal_by_role(const struct subject *s, const char *role, const json_t *record,
                          bool when_absent)
{
    json_t *mapped = NULL;
    struct koppel_error ignored = {0};
    char here[32], there[32];
    if (map_apply(s->send, s->core, MAP_CREATE, NULL, &mapped, &ignored) != 0)
        return when_absent;
    const char *ours = role_text(s->entity, role, mapped, here);
    const char *theirs = role_text(s->entity, role, record, there);
    bool equal = fold_is_blank(ours) || fold_is_blank(theirs) ? when_absent
                                                              : fold_same(ours, theirs);
    json_decref(mapped);
    return equal;
}

static bool same(const struct subject *s, const struct cat_match *match, const json_t *record)
{
    return strcmp(match->core, "number") != 0 || equal_by_role(s, "name", record, false);
}

static int share(const struct subject *s, const json_t *record, const char *other,
                 struct koppel_error *err)
{
    bool alike = !is_filled(s, "company") || (equal_by_role(s, "vat_number", record, true) &&
                                              equal_by_role(s, "name", record, true));
    if (alike && !subject_setting_is(s, "shared", "park"))
        return 0;
    return err_reason(err, KOPPEL_E_REJECTED, "customer.shared",
                      "shared e-mail address: customer %s of %s has the same one, and the card "
                      "there is that customer's",
                      other, s->flow->from->name);
}

static char kind(const struct subject *s)
{
    return is_filled(s, "company") ? 'c' : 'p';
}

static int turned(struct subject *s, char was, const char *policy, bool *make_new,
                  struct koppel_error *err)
{
    *make_new = strcmp(policy, "new") == 0;
    if (*make_new)
        return 0;
    if (strcmp(policy, "convert") == 0)
        return json_object_set_new(s->core, "type_changed", json_true()) == 0
                   ? 0
                   : err_set(err, KOPPEL_E_BUG, "out of memory");
    return err_reason(err, KOPPEL_E_REJECTED, "customer.type",
                      "the customer was a %s and is a %s now", was == 'c' ? "company" : "person",
                      was == 'c' ? "person" : "company");
}

const struct behaviour behaviour_customer = {.model = "customer",
                                             .deciding = "email",
                                             .complete = subject_complete,
                                             .ended = ended,
                                             .lock = lock,
                                             .findable = findable,
                                             .same = same,
                                             .share = share,
                                             .kind = kind,
                                             .turned = turned};
