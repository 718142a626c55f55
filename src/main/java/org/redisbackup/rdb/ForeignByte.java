package org.redisbackup.rdb;

/**
 * Words for a byte that starts neither a value nor a marker that is known: which server writes it, as far as that is
 * known. Nothing after it can be found, because only its writer knows where its record ends.
 */
final class ForeignByte {
    private static final String NOTHING = "neither a value type nor an opcode of this version";

    private ForeignByte() {}

    /**
     * @param id 0-255
     * @return what the byte is, and that it ends the reading
     */
    static String explain(Dialect dialect, int id) {
        String meaning =
                switch (dialect) {
                    case REDIS -> ofRedis(id);
                    case VALKEY -> ofValkey(id);
                };
        return id + " is " + meaning + ", so nothing after it can be found";
    }

    private static String ofRedis(int id) {
        return switch (id) {
            case 6 -> "a module value of a pre-release of Redis 4.0, which does not tell where it ends";
            case 29, 31 ->
                "a hash with a template of its own, which Redis 8.10 writes into DUMP payloads and not into files";
            case 30, 32, 35 -> "no value type of this version; Dragonfly writes values of its own by that number";
            case 33 -> "a rate limiter of development versions of Redis 8.10, or a value of Dragonfly's own";
            case 34 -> "a HyperLogLog of development versions of Redis after 8.10, or a value of Dragonfly's own";
            case 100, 101, 102 -> "an opcode of older versions of Redis Enterprise, whose layout is not known";
            default -> isOfDragonfly(id) ? "an opcode of Dragonfly's own" : NOTHING;
        };
    }

    private static boolean isOfDragonfly(int id) {
        return id >= 200 && id <= 240;
    }

    private static String ofValkey(int id) {
        return switch (id) {
            case 6 -> "a module value of a pre-release of Redis 4.0, which does not tell where it ends";
            case 23 -> "a path hash of development versions of Valkey 9.2, whose layout is not known";
            case 242 -> "a command inside a snapshot that development versions of Valkey 9.2 save without forking";
            default -> NOTHING;
        };
    }
}
