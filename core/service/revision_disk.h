/* SPDX-License-Identifier: MIT
 * A revision held against the disk. */
#ifndef KOPPEL_SERVICE_REVISION_DISK_H
#define KOPPEL_SERVICE_REVISION_DISK_H

#include "config/conf_source.h"
#include "engine/revision.h"

/* A file in which the two differ. All borrowed. */
struct revision_other {
    const char *path;                /* absolute */
    const char *kept;                /* the revision's text; NULL: it has no such file */
    const char *disk;                /* what is there instead; NULL: nothing */
    size_t kept_bytes, disk_bytes;
};

/* Calls visit for each: files of the revision, and those of koppel.conf, connections and flows that
 * it does not have; of what is published all that it does not have. source: NULL, what counts now;
 * or the disk, whatever is published. It ends where visit gives other than 0, which is given back;
 * -1 and err. A text that is not kept any more is KOPPEL_E_CONFIG. */
int revision_disk_each(const struct revision_place *p, const json_t *revision,
                       const struct conf_source *source,
                       int (*visit)(void *arg, const struct revision_other *other), void *arg,
                       struct koppel_error *err);

/* What is on the disk is not, or was never, active: it is kept as a revision of its own where it
 * differs from the last that was. */
int revision_disk_keep(const struct revision_place *p, const struct revision_origin *origin,
                       struct koppel_error *err);

#endif
