package org.redisbackup.component;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.redisbackup.redis.ConflictPolicy;
import org.redisbackup.redis.DeliveryMethod;
import org.redisbackup.redis.DeliveryRules;
import org.redisbackup.redis.Encryption;
import org.redisbackup.redis.LossPolicy;
import org.redisbackup.redis.Pace;
import org.redisbackup.redis.RateLimits;
import org.redisbackup.redis.TargetMode;

/** The options of a {@code redis-restore:} endpoint. */
@UriParams
public class RedisRestoreConfiguration extends KeyRuleOptions implements Cloneable {
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
            label = "security",
            description =
                    "PEM file of the authorities that the target's certificate may come from, with tls; without one,"
                            + " those that the JVM trusts.")
    private String caCertificate;

    @UriParam(
            label = "security",
            description = "PEM file of the certificate, and its chain, that the target wants from clients, with tls.")
    private String clientCertificate;

    @UriParam(
            label = "security",
            description = "PEM file of the private key of clientCertificate: PKCS #8 without a password.")
    private String clientKey;

    @UriParam(
            label = "security",
            defaultValue = "true",
            description = "Whether the target's certificate must name the host that is connected to, with tls.")
    private boolean verifyHostname = true;

    @UriParam(
            defaultValue = "STANDALONE",
            description =
                    "What the address names: a server, nodes of a CLUSTER, or Sentinels, with the name of the primary"
                            + " behind a slash.")
    private TargetMode mode = TargetMode.STANDALONE;

    @UriParam(
            defaultValue = "REPLACE",
            description = "What happens to keys that the target already holds: REPLACE them, SKIP or FAIL those of the"
                    + " backup.")
    private ConflictPolicy conflictPolicy = ConflictPolicy.REPLACE;

    @UriParam(
            defaultValue = "RESTORE",
            description =
                    "How backups reach the target: RESTORE sends batches of keys or commands; COMMANDS does too, but has"
                            + " all values rebuilt by commands, which takes the target several times as long; REPLICATION hands"
                            + " over one whole RDB file, the body being its stream, about twice as fast, in place of everything"
                            + " that the target holds. The target must be able to connect back.")
    private DeliveryMethod method = DeliveryMethod.RESTORE;

    @UriParam(
            defaultValue = "KEEP",
            description =
                    "What happens to a key of which the target can't be given something, such as times of fields:"
                            + " KEEP it without, and count the loss; DROP it, as unsupported; FAIL, so that it counts as failed.")
    private LossPolicy lossPolicy = LossPolicy.KEEP;

    @UriParam(
            label = "advanced",
            defaultValue = "33554432",
            description = "Bytes of the largest value, of strings and modules apart, that goes by RESTORE; a larger one"
                    + " is rebuilt by commands, as the target does nothing else while it restores one.")
    private long maxRestoreBytes = DeliveryRules.MAX_RESTORE_BYTES;

    @UriParam(
            label = "pace",
            description = "Keys, or commands, that go to the target in a second at most, on average; 0 for no limit.")
    private long maxKeysPerSecond;

    @UriParam(
            label = "pace",
            description =
                    "Bytes of keys, values and commands, as the backup holds them, that go to the target in a second"
                            + " at most, on average; 0 for no limit.")
    private long maxBytesPerSecond;

    @UriParam(
            label = "pace",
            description =
                    "Milliseconds that the target may take to answer other clients: when it takes longer, batches go one"
                            + " at a time, with gaps between them that grow until it does not; 0 for no limit.")
    private long maxLatencyMillis;

    @UriParam(
            label = "pace",
            defaultValue = "95",
            description =
                    "Percent of the target's maxmemory above which nothing is sent until there is room again, so that"
                            + " nothing is refused or evicted; 0 for never pausing.")
    private int maxMemoryPercent = Pace.STANDARD_MEMORY_PERCENT;

    @UriParam(
            label = "pace",
            defaultValue = "600",
            description = "Seconds that batches wait for room in the target's memory before they fail.")
    private long pauseLimitSeconds = Pace.STANDARD_PAUSE_LIMIT.toSeconds();

    @UriParam(
            label = "advanced",
            description = "Whether a target that holds keys may lose them to the method REPLICATION.")
    private boolean replaceAll;

    @UriParam(
            label = "advanced",
            defaultValue = "5000",
            description = "Milliseconds to wait for the connection, and for each answer while it is opened.")
    private int connectTimeout = 5000;

    public DeliveryMethod getMethod() {
        return method;
    }

    public void setMethod(DeliveryMethod method) {
        this.method = method;
    }

    public LossPolicy getLossPolicy() {
        return lossPolicy;
    }

    public void setLossPolicy(LossPolicy lossPolicy) {
        this.lossPolicy = lossPolicy;
    }

    public long getMaxRestoreBytes() {
        return maxRestoreBytes;
    }

    public void setMaxRestoreBytes(long maxRestoreBytes) {
        this.maxRestoreBytes = maxRestoreBytes;
    }

    public long getMaxKeysPerSecond() {
        return maxKeysPerSecond;
    }

    public void setMaxKeysPerSecond(long maxKeysPerSecond) {
        this.maxKeysPerSecond = maxKeysPerSecond;
    }

    public long getMaxBytesPerSecond() {
        return maxBytesPerSecond;
    }

    public void setMaxBytesPerSecond(long maxBytesPerSecond) {
        this.maxBytesPerSecond = maxBytesPerSecond;
    }

    public long getMaxLatencyMillis() {
        return maxLatencyMillis;
    }

    public void setMaxLatencyMillis(long maxLatencyMillis) {
        this.maxLatencyMillis = maxLatencyMillis;
    }

    public int getMaxMemoryPercent() {
        return maxMemoryPercent;
    }

    public void setMaxMemoryPercent(int maxMemoryPercent) {
        this.maxMemoryPercent = maxMemoryPercent;
    }

    public long getPauseLimitSeconds() {
        return pauseLimitSeconds;
    }

    public void setPauseLimitSeconds(long pauseLimitSeconds) {
        this.pauseLimitSeconds = pauseLimitSeconds;
    }

    public boolean isReplaceAll() {
        return replaceAll;
    }

    public void setReplaceAll(boolean replaceAll) {
        this.replaceAll = replaceAll;
    }

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

    public String getCaCertificate() {
        return caCertificate;
    }

    public void setCaCertificate(String caCertificate) {
        this.caCertificate = caCertificate;
    }

    public String getClientCertificate() {
        return clientCertificate;
    }

    public void setClientCertificate(String clientCertificate) {
        this.clientCertificate = clientCertificate;
    }

    public String getClientKey() {
        return clientKey;
    }

    public void setClientKey(String clientKey) {
        this.clientKey = clientKey;
    }

    public boolean isVerifyHostname() {
        return verifyHostname;
    }

    public void setVerifyHostname(boolean verifyHostname) {
        this.verifyHostname = verifyHostname;
    }

    public TargetMode getMode() {
        return mode;
    }

    public void setMode(TargetMode mode) {
        this.mode = mode;
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

    /**
     * How gently the target is treated; null when all options are at their defaults.
     *
     * @throws IllegalArgumentException when an option has no possible value
     */
    Pace pace() {
        RateLimits limits = new RateLimits(maxKeysPerSecond, maxBytesPerSecond, maxLatencyMillis);
        Duration pauseLimit = Duration.ofSeconds(pauseLimitSeconds);
        boolean standard = limits.equals(RateLimits.NONE)
                && maxMemoryPercent == Pace.STANDARD_MEMORY_PERCENT
                && pauseLimit.equals(Pace.STANDARD_PAUSE_LIMIT);
        return standard ? null : new Pace(limits, maxMemoryPercent, pauseLimit, RedisRestoreComponent.LOG::warn);
    }

    /**
     * How connections are encrypted, or null.
     *
     * @throws IllegalArgumentException when there are certificates that would not be used
     */
    Encryption encryption() {
        if (tls) {
            return new Encryption(path(caCertificate), path(clientCertificate), path(clientKey), verifyHostname);
        }
        if (caCertificate != null || clientCertificate != null || clientKey != null) {
            throw new IllegalArgumentException("certificates mean nothing without tls=true");
        }
        return null;
    }

    private static Path path(String file) {
        return file == null ? null : Path.of(file);
    }

    RedisRestoreConfiguration copy() {
        try {
            return (RedisRestoreConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }
}
