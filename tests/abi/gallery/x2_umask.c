/* SPDX-License-Identifier: MIT
 * It sets the umask of the process. */
#include <sys/syscall.h>
#include <unistd.h>

#include "gallery.h"

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    (void)syscall(SYS_umask, 0177);
    (void)g;
    return good_probe(self, facts, err);
}

GALLERY(.probe = bad_probe);
