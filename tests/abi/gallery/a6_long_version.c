/* SPDX-License-Identifier: MIT
 * Its version is a sentence. */
#define GALLERY_VERSION "1.0, the second rewrite"
#include "gallery.h"

GALLERY();
