package org.redisbackup.component;

import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.redisbackup.redis.ConflictPolicy;

/** The options of a {@code redis-restore:} endpoint. */
@UriParams
public class RedisRestoreConfiguration implements Cloneable {
    @UriParam(
            label = "security",
            description = "User of the target's access control list; without one, the default user.")
    @Metadata(secret = true)
    private String username;

    @UriParam(label = "security", description = "Password of the target.")
    @Metadata(secret = true)
    private String password;

    @UriParam(label = "security", description = "Whether to encrypt the connection.")
    private boolean tls;

    @UriParam(
            defaultValue = "REPLACE",
            description = "What happens to keys that the target already holds: REPLACE them, SKIP or FAIL those of the"
                    + " backup.")
    private ConflictPolicy conflictPolicy = ConflictPolicy.REPLACE;

    @UriParam(
            label = "advanced",
            defaultValue = "5000",
            description = "Milliseconds to wait for the connection, and for each answer while it is opened.")
    private int connectTimeout = 5000;

    public String getUsername() {
        return username;
    }

    public void setUsername(String username) {
        this.username = username;
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public boolean isTls() {
        return tls;
    }

    public void setTls(boolean tls) {
        this.tls = tls;
    }

    public ConflictPolicy getConflictPolicy() {
        return conflictPolicy;
    }

    public void setConflictPolicy(ConflictPolicy conflictPolicy) {
        this.conflictPolicy = conflictPolicy;
    }

    public int getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(int connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    RedisRestoreConfiguration copy() {
        try {
            return (RedisRestoreConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }
}
