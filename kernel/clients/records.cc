// How the laboratory reads the records of clients.
#include <curios/introspect.h>

#include "client.h"

namespace curios {

INTROSPECTION = {
    WHOLE_OF("Records", Records),          FIELD_OF("Records", Records, tag),      FIELD_OF("Records", Records, count),
    FIELD_OF("Records", Records, ended),   FIELD_OF("Records", Records, errors),   FIELD_OF("Records", Records, lost),
    FIELD_OF("Records", Records, chain),
    ROW_OF("Records", Records, ring, number), ROW_OF("Records", Records, ring, call),
    ROW_OF("Records", Records, ring, result), ROW_OF("Records", Records, ring, digest), ROW_OF("Records", Records, ring, chain),
};
WORD_TABLE = {CONSTANT(RECORDS_TAG)};

}  // namespace curios
