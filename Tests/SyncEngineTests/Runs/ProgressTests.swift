import Model
import Testing

@testable import SyncEngine

@Suite struct ProgressTests {
    @Test("the phase is that of the first incomplete list, with its rows")
    func phases() {
        var progress = RunProgress()
        for list in [SyncList.campaigns, .adSets, .ads, .campaignTotals, .adTotals] { progress.expect(list) }
        #expect(progress.current() == SyncProgress(phase: .campaigns))
        progress.count(.ads, done: 500, total: 1000, isComplete: false)
        #expect(progress.current().phase == .campaigns)
        progress.count(.campaigns, done: 5, total: 5, isComplete: true)
        progress.count(.adSets, done: 10, total: nil, isComplete: true)
        let ads = progress.current()
        #expect(ads.phase == .ads && ads.done == 500 && ads.total == 1000)
        progress.count(.ads, done: 1000, total: nil, isComplete: true)
        progress.count(.campaignTotals, done: 5, total: nil, isComplete: true)
        let insights = progress.current()
        #expect(insights.phase == .insights && insights.done == 5 && insights.total == 0)
        progress.enter(.saving, percent: 92)
        #expect(progress.current() == SyncProgress(phase: .saving, percent: 92))
        progress.enter(.history, percent: 95)
        #expect(progress.current() == SyncProgress(phase: .history, percent: 95))
    }

    @Test("the percentage never falls, whatever Facebook returns, and never reaches 100", arguments: [0, 1, 7, 1000])
    func monotone(total: Int) {
        var progress = RunProgress()
        var last = 0
        for list in SyncList.allCases {
            progress.expect(list)
            for done in stride(from: 0, through: total + 3, by: max(1, total / 10)) {
                progress.count(list, done: done, total: done % 2 == 0 ? total : nil, isComplete: false)
                let percent = progress.current().percent
                #expect(percent >= last && percent <= 90)
                last = percent
            }
            progress.count(list, done: total, total: total, isComplete: true)
        }
        #expect(progress.current().percent == 90)
        progress.enter(.saving, percent: 92)
        #expect(progress.current().percent == 92)
    }
}
