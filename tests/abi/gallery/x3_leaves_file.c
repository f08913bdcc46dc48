/* SPDX-License-Identifier: MIT
 * It leaves a file open. */
#include <fcntl.h>

#include "gallery.h"

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return fd < 0 ? g->host->fail(err, KOPPEL_E_RETRY, "no file") : good_probe(self, facts, err);
}

GALLERY(.probe = bad_probe);
