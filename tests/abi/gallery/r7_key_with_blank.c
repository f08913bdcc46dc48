/* SPDX-License-Identifier: MIT
 * Its keys end in a blank, as they came from a column of fixed width. */
#define GALLERY_ID "%d "
#include "gallery.h"

GALLERY();
