/* SPDX-License-Identifier: MIT
 * The decision table: a link, the destination's means, a look-up -> what to do. */
#include "flow/knowledge.h"

#include <stdlib.h>
#include <string.h>

struct means knowledge_means(const struct cat_entity *e)
{
    bool find = (e->can & CAN_FIND) && (e->document || e->match_count > 0);
    return (struct means){.find = find && e->repeat == REPEAT_LOOKUP,
                          .upsert = e->repeat == REPEAT_UPSERT,
                          .keyed = e->repeat == REPEAT_IDEMPOTENT,
                          .owned = e->document != NULL};
}

/* After the quiet time, of what can be looked up. */
static enum verdict decide_found(const struct store_link *link, const struct means *means,
                                 enum asked asked)
{
    if (asked == ASKED_NOT)
        return VERDICT_FIND;
    switch (link->begun.write) {
    case WRITE_CREATE:
    case WRITE_POST:
        if (asked == ASKED_NOTHING)
            return VERDICT_BEFORE;
        if (!means->owned)
            return VERDICT_STANDS;
        return asked == ASKED_EQUAL ? VERDICT_AFTER : VERDICT_TAKEN;
    case WRITE_REMOVE:
        return asked == ASKED_NOTHING ? VERDICT_AFTER : VERDICT_BEFORE;
    case WRITE_RESTORED: /* by a store that is gone: what is not equal may be a stranger's */
        if (asked == ASKED_NOTHING)
            return VERDICT_BEFORE;
        return means->owned && asked == ASKED_OTHER ? VERDICT_TAKEN : VERDICT_STANDS;
    default: /* what stands there now is what counts */
        return asked == ASKED_NOTHING ? VERDICT_BEFORE : VERDICT_STANDS;
    }
}

static enum verdict decide_maybe(const struct store_link *link, const struct means *means,
                                 enum asked asked, int64_t quiet_ms)
{
    if (quiet_ms > 0)
        return VERDICT_QUIET;
    /* by its id, the newest content again is the right content, whether the last one arrived or
     * not; a document is compared first, as it may be locked by now */
    if (link->begun.write == WRITE_UPDATE && !means->owned && link->id)
        return VERDICT_OPEN;
    if (means->find)
        return decide_found(link, means, asked);
    /* the newest is written over whatever stands there; what was begun first, where only that says
     * under which name */
    if (means->upsert)
        return link->id ? VERDICT_OPEN : link->begun.document ? VERDICT_REPEAT : VERDICT_CREATE;
    if (link->begun.write == WRITE_RESTORED)
        return VERDICT_UNSURE;
    if (link->begun.write == WRITE_UPDATE || link->begun.write == WRITE_REMOVE)
        return VERDICT_OPEN;
    bool whole = link->begun.key && link->begun.document;
    return means->keyed && whole ? VERDICT_REPEAT : VERDICT_UNSURE;
}

enum verdict knowledge_decide(const struct store_link *link, const struct means *means,
                              enum asked asked, int64_t quiet_ms)
{
    switch (link->state) {
    case LINK_MAYBE:
        return decide_maybe(link, means, asked, quiet_ms);
    case LINK_THERE:
        return VERDICT_CHANGE;
    default:
        break;
    }
    if (!means->find)
        return VERDICT_CREATE;
    if (asked == ASKED_NOT)
        return VERDICT_FIND;
    if (asked == ASKED_NOTHING)
        return VERDICT_CREATE;
    if (!means->owned)
        return VERDICT_STANDS;
    return asked == ASKED_EQUAL ? VERDICT_ADOPT : VERDICT_TAKEN;
}

static void forget_begun(struct store_link *link)
{
    free(link->begun.ref);
    free(link->begun.key);
    free(link->begun.document);
    free(link->begun.digest);
    link->begun = (struct store_begun){.write = WRITE_NONE};
    link->unseen_ms = 0;
}

void knowledge_before(struct store_link *link)
{
    link->state = link->id ? LINK_THERE : LINK_ABSENT;
    forget_begun(link);
}

void knowledge_open(struct store_link *link)
{
    free(link->digest);
    link->digest = NULL;
    link->state = LINK_THERE;
    forget_begun(link);
}

static int replace(char **place, const char *text)
{
    char *copy = text ? strdup(text) : NULL;
    if (text && !copy)
        return -1;
    free(*place);
    *place = copy;
    return 0;
}

int knowledge_after(struct store_link *link, const char *id, bool last)
{
    enum link_write write = link->begun.write;
    bool first = write == WRITE_CREATE || !link->id;
    if (first && replace(&link->id, id ? id : "") != 0)
        return -1;
    if (write == WRITE_POST)
        link->chain++;
    else if (link->chain < 1)
        link->chain = 1;
    if (write == WRITE_REMOVE)
        link->closed = true;
    free(link->digest);
    link->digest = last ? link->begun.digest : NULL;
    if (last) {
        link->begun.digest = NULL;
        link->version = link->begun.version;
    }
    link->state = LINK_THERE;
    link->adopted = link->adopted && !first;
    forget_begun(link);
    return 0;
}

int knowledge_stands(struct store_link *link, const char *id, int chain)
{
    if (id && replace(&link->id, id) != 0)
        return -1;
    free(link->digest);
    link->digest = NULL;
    if (link->chain < chain)
        link->chain = chain;
    link->state = LINK_THERE;
    forget_begun(link);
    return 0;
}
