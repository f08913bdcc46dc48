/* SPDX-License-Identifier: MIT
 * It exports a helper too. */
#include "gallery.h"

KOPPEL_EXPORT int gallery_helper(void);
int gallery_helper(void)
{
    return 1;
}

GALLERY();
