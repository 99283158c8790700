package bourse.testing;

import static bourse.testing.Draft.refusal;
import static bourse.testing.Draft.require;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import java.math.BigInteger;
import java.util.List;

/// How money enters the market, leaves it, and goes from account to account.
final class Money {
    /// What one nRLC is in the chain's own coin, where people pay with that.
    private static final BigInteger WEI = BigInteger.TEN.pow(9);

    private static final BigInteger MOST = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);

    private Money() {}

    /* FREE MONEY, AS A TOKEN */

    static void approve(Draft draft, Address spender, Rlc amount) throws Refused {
        require(!spender.isZero(), "NoAccount");
        draft.allow(draft.market.hub(), draft.sender, spender, amount);
        draft.log("Approval", draft.sender, spender, amount);
    }

    static void increase(Draft draft, Act.IncreaseAllowance t) throws Refused {
        var allowance = draft.allowance(draft.market.hub(), draft.sender, t.spender());
        approve(
                draft,
                t.spender(),
                new Rlc(allowance.nano().add(t.added().nano()).min(MOST)));
    }

    static void decrease(Draft draft, Act.DecreaseAllowance t) throws Refused {
        spend(draft, draft.sender, t.spender(), t.removed());
        draft.log(
                "Approval", draft.sender, t.spender(), draft.allowance(draft.market.hub(), draft.sender, t.spender()));
    }

    static void moveFrom(Draft draft, Act.MoveFrom t) throws Refused {
        spend(draft, t.owner(), draft.sender, t.amount());
        draft.move(t.owner(), t.to(), t.amount());
    }

    /// Only a contract can be told, and it may say no.
    static void approveAndCall(Draft draft, Act.ApproveAndCall t) throws Refused {
        approve(draft, t.spender(), t.amount());
        if (t.spender().equals(draft.market.hub())) {
            // Here it is not the token that tells it.
            throw draft.market.isNative()
                    ? refusal("UnknownFunction", "selector", "0x8f4ffcb1")
                    : refusal("WrongToken", "caller", t.spender(), "token", t.spender());
        }
        require(agrees(draft, t.spender()), "SpenderRefused", "spender", t.spender(), "amount", t.amount());
    }

    private static void spend(Draft draft, Address owner, Address spender, Rlc amount) throws Refused {
        var hub = draft.market.hub();
        var allowance = draft.allowance(hub, owner, spender);
        require(
                allowance.covers(amount),
                "InsufficientAllowance",
                "owner",
                owner,
                "spender",
                spender,
                "allowance",
                allowance,
                "needed",
                amount);
        draft.allow(hub, owner, spender, allowance.minus(amount));
    }

    /* TOKENS */

    static void transfer(Draft draft, Address from, Address to, Rlc amount) throws Refused {
        require(!to.isZero(), "ERC20InvalidReceiver", "receiver", to);
        draft.transfer(from, to, amount);
    }

    static void allowMarket(Draft draft, Rlc amount) {
        var token = draft.market.token();
        draft.allow(token, draft.sender, draft.market.hub(), amount);
        draft.logOf(token, "Approval", draft.sender, draft.market.hub(), amount);
    }

    static void deposit(Draft draft, Address target, Rlc amount) throws Refused {
        draft.mint(target, amount);
        draft.collect(draft.sender, amount);
    }

    static void deposit(Draft draft, Act.DepositForArray t) throws Refused {
        sameLength(t.amounts(), t.targets());
        for (int i = 0; i < t.amounts().size(); i++) {
            deposit(draft, t.targets().get(i), t.amounts().get(i));
        }
    }

    /// With the money that comes in, only the sender's own request is paid.
    static void depositAndMatch(Draft draft, Act.DepositAndMatch t) throws Refused {
        allowMarket(draft, t.amount());
        deposit(draft, draft.sender, t.amount());
        var requester = t.match().request().order().requester();
        require(requester.equals(draft.sender), "NotTheRequester", "sender", draft.sender, "requester", requester);
        Matching.match(draft, t.match());
    }

    static void depositAndCall(Draft draft, Act.DepositAndCall t) throws Refused {
        allowMarket(draft, t.amount());
        deposit(draft, draft.sender, t.amount());
        require(t.data().length() == 0, "NotAMatch", "selector", selector(t.data()));
    }

    static void withdraw(Draft draft, Address target, Rlc amount) throws Refused {
        draft.burn(draft.sender, amount);
        if (draft.market.isNative()) {
            pay(draft, target, amount);
        } else {
            transfer(draft, draft.market.hub(), target, amount);
        }
    }

    /* COINS */

    /// Where people pay with tokens, coins are sent by mistake.
    static void send(Draft draft, BigInteger wei) throws Refused {
        require(draft.market.isNative(), "CoinsNotAccepted", "value", wei);
        pay(draft, draft.sender, wei);
    }

    /// What is not a whole nRLC goes back.
    static void pay(Draft draft, Address target, BigInteger wei) throws Refused {
        var amount = new Rlc(wei.divide(WEI));
        draft.transfer(draft.sender, draft.market.hub(), amount);
        draft.mint(target, amount);
        requireReceiver(draft, draft.sender, wei.mod(WEI));
    }

    static void pay(Draft draft, Act.PayForArray t) throws Refused {
        sameLength(t.amounts(), t.targets());
        var needed = BigInteger.ZERO;
        for (int i = 0; i < t.amounts().size(); i++) {
            draft.mint(t.targets().get(i), t.amounts().get(i));
            needed = needed.add(t.amounts().get(i).nano().multiply(WEI));
        }
        require(t.wei().compareTo(needed) >= 0, "ValueTooLow", "value", t.wei(), "needed", needed);
        draft.transfer(draft.sender, draft.market.hub(), new Rlc(needed.divide(WEI)));
        requireReceiver(draft, draft.sender, t.wei().subtract(needed));
    }

    /// The market sends coins; sent to itself, they are a deposit.
    private static void pay(Draft draft, Address target, Rlc amount) throws Refused {
        requireReceiver(draft, target, amount.nano().multiply(WEI));
        draft.transfer(draft.market.hub(), target, amount);
        if (target.equals(draft.market.hub()) && !amount.isZero()) {
            draft.mint(target, amount);
        }
    }

    private static void requireReceiver(Draft draft, Address to, BigInteger wei) throws Refused {
        var takes = wei.signum() == 0
                || draft.outsider(to).map(State.Outsider::agreeable).orElse(true);
        require(takes, "SendFailed", "to", to, "value", wei);
    }

    /* PARTS */

    /// A contract that does what it is asked.
    private static boolean agrees(Draft draft, Address contract) {
        return draft.outsider(contract).map(State.Outsider::agreeable).orElse(false);
    }

    private static void sameLength(List<?> first, List<?> second) throws Refused {
        require(first.size() == second.size(), "LengthMismatch", "first", first.size(), "second", second.size());
    }

    /// The first four bytes of a call, as far as it has them.
    static Bytes selector(Bytes data) {
        return new Bytes((data.hex() + "00000000").substring(0, 8));
    }
}
