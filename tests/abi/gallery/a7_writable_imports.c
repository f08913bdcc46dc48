/* SPDX-License-Identifier: MIT
 * Its table of imports can be written to.
 * flags: -Wl,-z,norelro */
#include "gallery.h"

GALLERY();
