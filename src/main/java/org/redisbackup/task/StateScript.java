package org.redisbackup.task;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import redis.clients.jedis.UnifiedJedis;

/** The changes of the state that must happen as one: Lua scripts, which Redis runs with nothing between. */
public enum StateScript {
    ADD,
    STOP,
    FINISH,
    CLAIM,
    RENEW,
    SAVE,
    LIMIT,
    PACE,
    KEEP_INDEX,
    DELETE,
    CLAIM_RUN,
    CONCLUDE_RUN;

    private final String source;

    StateScript() {
        String file = name().toLowerCase(Locale.ROOT) + ".lua";
        try (InputStream stream = StateScript.class.getResourceAsStream(file)) {
            source = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return as the script says at its top; a Lua {@code false} is null */
    public Object run(UnifiedJedis redis, List<String> keys, List<String> args) {
        return redis.eval(source, keys, args);
    }
}
