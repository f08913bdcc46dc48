# SPDX-License-Identifier: MIT
"""Mutants of the flow code: (name, file, what stands there, what stands there instead). The first
part takes one rule of delivery out each (the README names the rules); the second breaks a place. The
text must stand in the file exactly once."""

RULES = [
    # 1. The announcement stands on the link, of every write.
    ("1 nothing is announced", "core/flow/send.c",
     "        rc = links_put(l, changes, count, err);\n"
     "    for (int i = 0; rc == 0 && i < count; i++)\n"
     "        sends[i]->begun = true;",
     "        rc = 0;"),
    ("1 only creates are announced", "core/flow/send.c",
     "        else\n            changes[i] = begun_change(sends[i], documents[i]);",
     "        else if (sends[i]->write == WRITE_CREATE)\n"
     "            changes[i] = begun_change(sends[i], documents[i]);\n        else\n"
     "            changes[i] = links_change(sends[i]->scope, sends[i]->key, sends[i]->link);"),
    ("1 an unseen outcome is not kept", "core/flow/send.c",
     "        if (in_doubt(s) != 0)\n            s->put = false; /* the store has it already */\n"
     "        return;",
     "        return;"),
    # 2. Find first, announce after.
    ("2 nothing is looked for first", "core/flow/knowledge.c",
     "    if (asked == ASKED_NOT)\n        return VERDICT_FIND;\n    if (asked == ASKED_NOTHING)\n"
     "        return VERDICT_CREATE;",
     "    if (asked == ASKED_NOT || asked == ASKED_NOTHING)\n        return VERDICT_CREATE;"),
    ("2 it is announced before it is looked for", "core/flow/advance.c",
     "    const struct store_begun *begun = &w->link->begun;\n    json_t *document = NULL;",
     "    const struct store_begun *begun = &w->link->begun;\n    json_t *document = NULL;\n"
     "    if (w->link->state == LINK_ABSENT && w->goal == GOAL_DELIVER &&\n"
     "        document_make(w, err) == 0) {\n"
     "        struct store_link_change c = links_change(w->flow->scope, w->job->key, w->link);\n"
     "        c.forget = false;\n        c.state = LINK_MAYBE;\n"
     "        c.begun.write = WRITE_CREATE;\n"
     "        c.begun.digest = w->digest;\n        c.begun.ref = (char *)work_reference(w);\n"
     "        c.begun.document = json_dumps(w->document, 0);\n"
     "        (void)links_put(w->links, &c, 1, err);\n    }"),
    # 3. The announcement holds what was begun.
    ("3 the announcement has no reference", "core/flow/send.c",
     "                                        .ref = (char *)s->ref,",
     "                                        .ref = NULL,"),
    ("3 the announcement has no key", "core/flow/send.c",
     "                                        .key = (char *)s->job_key,",
     "                                        .key = (char *)s->key,"),
    ("3 the announcement has no document", "core/flow/send.c",
     "                                        .document = document,",
     "                                        .document = NULL,"),
    ("3 the unseen one has no reference", "core/flow/send.c",
     "    begun.ref = copy(s->ref, &failed);", "    begun.ref = NULL;"),
    # 4. A maybe is resolved by what was begun.
    ("4 it is compared with the newest version", "core/flow/advance.c",
     "begun->write == WRITE_UPDATE ? NULL : document, err);", "NULL, err);"),
    ("4 what is found and different is taken for ours", "core/flow/knowledge.c",
     "        return asked == ASKED_EQUAL ? VERDICT_AFTER : VERDICT_TAKEN;\n    case WRITE_REMOVE:",
     "        return VERDICT_AFTER;\n    case WRITE_REMOVE:"),
    ("4 what was begun is taken for the newest", "core/flow/advance.c",
     "    w->put = w->arrived = true;\n",
     "    w->put = w->arrived = true;\n    free(w->link->digest);\n"
     "    w->link->digest = strdup(w->digest);\n"),
    ("4 a found reference of another is linked", "core/flow/knowledge.c",
     "    return asked == ASKED_EQUAL ? VERDICT_ADOPT : VERDICT_TAKEN;\n}",
     "    return VERDICT_ADOPT;\n}"),
    ("4 the newest is sent under the old key", "core/flow/knowledge.c",
     "? VERDICT_REPEAT : VERDICT_UNSURE;\n}", "? VERDICT_CREATE : VERDICT_UNSURE;\n}"),
    ("4 neither is sent again", "core/flow/knowledge.c",
     "    return means->keyed && whole ? VERDICT_REPEAT : VERDICT_UNSURE;",
     "    return means->keyed && whole ? VERDICT_REPEAT : VERDICT_BEFORE;"),
    # 5. Quiet time.
    ("5 there is no quiet time", "core/flow/knowledge.c",
     "    if (quiet_ms > 0)\n        return VERDICT_QUIET;\n", "    (void)quiet_ms;\n"),
    ("5 only look-ups wait for the quiet time", "core/flow/knowledge.c",
     "    if (quiet_ms > 0)\n        return VERDICT_QUIET;\n",
     "    if (quiet_ms > 0 && means->find)\n        return VERDICT_QUIET;\n"),
    ("5 the lag of the look-up is left out", "core/connection/connection.c",
     "    return conf->timeout_ms + conf->quiet_ms + connection_lag_ms(c, e);",
     "    return conf->timeout_ms + conf->quiet_ms + connection_lag_ms(c, e) * 0;"),
    ("5 a take-over does not begin it anew", "core/store/sqlite_link.c",
     "        if (taken > *since)\n            *since = taken;", "        (void)taken;"),
    # 6. A refusal gives back what was known before.
    ("6 a refused repeat counts as absent", "core/flow/send.c",
     "    default: /* refused: what was known before holds, which the store is to learn again */\n",
     "    default:\n        knowledge_before(s->link);\n"),
    ("6 what may be written over keeps its old content", "core/flow/knowledge.c",
     "void knowledge_open(struct store_link *link)\n{\n    free(link->digest);\n"
     "    link->digest = NULL;\n",
     "void knowledge_open(struct store_link *link)\n{\n"),
    # 7. Sequences: the effective sum of the chain.
    ("7 only the first document counts", "core/flow/correct.c",
     "    for (int n = 1; n <= DOCUMENTS_MAX; n++) {", "    for (int n = 1; n <= 2; n++) {"),
    ("7 a sum that lags is believed", "core/flow/correct.c",
     "        if (!id && n <= w->link->chain)", "        if (!id && n < 0)"),
    # 8. The fence.
    ("8 a fenced host writes links and settles", "core/store/sqlite_lease.c",
     "    bool stands = owner && memcmp(owner, s->owner, sizeof s->owner) == 0 &&\n"
     "                  sqlite3_column_int64(st, 1) == lease->epoch;",
     "    bool stands = owner != NULL || !owner;"),
    ("8 a request leaves without a lease", "core/flow/send.c",
     "store_left_ms(l->lease->hold) >= LEFT_MS &&", "true &&"),
    # 9. Keys and replays.
    ("9 a key does not name its store", "core/flow/send.c",
     "f->store->ops->id(f->store),\n             f->conf->name, job->part, (long long)job->off, "
     "(long long)job->at_ms,", "\"store\",\n             f->conf->name, job->part, "
     "(long long)job->off, 0ll,"),
    ("9 a replayed answer is believed", "core/flow/send.c",
     "    return !value || !map_text(value, buf, &there) || !*there || strcmp(there, s->ref) == 0;",
     "    return !value || !map_text(value, buf, &there) || true;"),
    # 10. A restored store.
    ("10 a restored store believes its links", "core/store/sqlite_witness.c",
     "conn_run(c, SQL_LINK_RESTORE, err, \"i\", clock_now_ms()) != 0 ||", ""),
    ("10 a restored store believes that nothing was sent", "core/flow/prepare.c",
     "    if (w->job->doubt && w->link->state == LINK_ABSENT) {", "    if (false) {"),
]

PLACES = [
    ("an older version in a batch is not superseded", "core/flow/portion.c",
     "        if (seen[at])\n            work_end", "        if (false)\n            work_end"),
    ("a job that was left is passed over", "core/flow/portion.c",
     "    for (int i = 0; i < last; i++) {", "    for (int i = 0; i < 0 * last; i++) {"),
    ("what was learnt of an open job is forgotten", "core/flow/portion.c",
     "        if (!w->settled && w->put)", "        if (!w->settled && w->put && false)"),
    ("a newer version does not wait for its elder", "core/flow/portion.c",
     "        if (!aside && w->job->state == JOB_WAITING)", "        if (!aside && false)"),
    ("what was refused with the others is parked", "core/flow/portion.c",
     "    if (atomic_load(&f->all_refused))", "    if (false)"),
    ("attempts are not counted", "core/flow/settle.c",
     "    if (!resting && w->job->attempt + 1 >= f->conf->attempts) {", "    if (false) {"),
    ("a peer that is away costs attempts", "core/flow/settle.c",
     "    if (resting && !unsure)\n        return;\n",
     "    resting = false;\n"),
    ("a removal of what is gone is a refusal", "core/flow/send.c",
     "    if (is_gone_already(s)) {", "    if (false) {"),
    ("what did not leave stays announced", "core/flow/send.c",
     "        if (sends[i]->begun && !sends[i]->sent)", "        if (false)"),
    ("many at a time go in calls of one", "core/flow/send.c",
     "next->entity == sends[i]->entity && verb_of(next) == verb_of(sends[i]);",
     "next->entity == sends[i]->entity;"),
    ("a card that is gone parks", "core/flow/advance.c",
     "strcmp(why->reason, KOPPEL_REASON_GONE) == 0) {", "false) {"),
    ("a stale version parks", "core/flow/advance.c",
     "strcmp(why->reason, KOPPEL_REASON_STALE) == 0) {", "false) {"),
    ("a refusal does not verify references", "core/flow/advance.c",
     "    if (!w->verified && w->used) {", "    if (false) {"),
    ("an update of a withdrawn record is skipped", "core/flow/prepare.c",
     "    if (same && w->goal == GOAL_DELIVER && !(w->link->closed && !w->ends))",
     "    if (same && w->goal == GOAL_DELIVER)"),
    ("what is cancelled before it is sent is sent", "core/flow/prepare.c",
     "    if (w->link->state == LINK_ABSENT && is_cancelled(w)) {", "    if (false) {"),
    ("a look-up is believed too early", "core/flow/change.c",
     "    if (too_early(w))\n        return 0;\n", ""),
    ("a corrected document is updated", "core/flow/change.c",
     "    *has = id != NULL;", "    *has = false;"),
    ("every change is an update", "core/flow/change.c",
     "    if (work_setting_is(w, \"on_change\", \"update\"))\n        return update(w, err);",
     "    return update(w, err);"),
    ("the credit counts as the whole", "core/flow/correct.c",
     "        out->last = !out->document;", "        out->last = true;"),
    ("amounts are added with one sign", "core/flow/correct.c",
     "    int rc = sign > 0 ? decimal_add", "    int rc = sign != 0 ? decimal_add"),
    ("texts of amounts are compared", "core/flow/compare.c",
     "    return decimal_parse(ta, &da) == 0 && decimal_parse(tb, &db) == 0 &&\n"
     "           decimal_compare(da, db) == 0;",
     "    (void)da;\n    (void)db;\n    return false;"),
    ("a changed reference is forgotten", "core/flow/reference_write.c",
     "    rc = forget_content(w->work, err);\n    if (rc == 0)\n        rc = send_announce",
     "    (void)forget_content;\n        rc = send_announce"),
    ("a reference is not kept", "core/flow/reference_write.c",
     "    if (send.put && reference_write_link(w, rc == 0 ? err : &ignored) != 0)",
     "    if (false && reference_write_link(w, rc == 0 ? err : &ignored) != 0)"),
    ("an update has no id", "core/flow/plan.c",
     "    bool by_id = write == WRITE_UPDATE ||", "    bool by_id ="),
    ("a repeat goes under a new key", "core/flow/plan.c",
     "    snprintf(w->send.job_key, sizeof w->send.job_key, \"%s\", begun->key);\n", ""),
    ("a list that shrank is believed", "core/flow/snapshot.c",
     "    if (m->count == 0 || (!short_of && !shrunk && !empty))",
     "    if (m->count == 0 || (!short_of && !empty) || shrunk < 0)"),
    ("a list that is not whole is believed", "core/flow/snapshot.c",
     "    bool short_of = s->total > s->records;", "    bool short_of = s->total < -1;"),
    ("what was accepted once holds for ever", "core/flow/snapshot.c",
     "        return f->store->ops->note_put(f->store, name, NULL, err);", "        return 0;"),
    ("other hosts hold no names", "core/store/keylock.c",
     "        if (taken)\n            return 0;", "        return 0;"),
    ("links are not read again", "core/flow/links.c",
     "    *out = &e->link;\n    return read_one(l, e, err);",
     "    *out = &e->link;\n    return e->known ? 0 : read_one(l, e, err);"),
    ("a company shares a person's card", "core/behaviour/behaviour_customer.c",
     "    bool alike = !is_filled(s, \"company\") ||", "    bool alike = true ||"),
    ("a number alone tells who it is", "core/behaviour/behaviour_customer.c",
     "    return strcmp(match->core, \"number\") != 0 || equal_by_role",
     "    return true || equal_by_role"),
    ("refusals are never alike", "core/flow/flow.c",
     "    bool all = alike >= REFUSED_ALL || !worked;", "    bool all = alike < 0;"),
]
