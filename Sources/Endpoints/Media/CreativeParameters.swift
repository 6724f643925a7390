internal import Model
internal import Store

// The parameters of /api/creatives.

extension AskedQuestion {
    static func creatives(
        _ parameters: Parameters,
        _ format: AnswerFormat,
        _ spelling: inout Spelling
    ) throws -> (AnswerDays, Position?) -> any Question {
        var question = CreativesQuestion()
        question.ads.statuses = try statuses(parameters)
        question.ads.campaignID = try parameters.objectID("campaignId")
        question.ads.adSetID = try parameters.objectID("adSetId")
        question.rowConditions = try Condition.all(
            parameters,
            of: CreativesQuestion.available,
            takesCustom: false
        )
        question.fields = try fields(
            parameters,
            format,
            own: CreativesQuestion.ownNames,
            all: CreativesQuestion.available.map(\.name),
            takesCustom: false
        )
        question.order = try order(
            CreativesQuestion.available,
            parameters,
            standard: question.order,
            takesCustom: false
        )
        question.limit = try parameters.number("limit", in: limits)

        add(question.ads, to: &spelling)
        for condition in question.rowConditions { spelling.add("where", condition.spelling) }
        spelling.add("fields", question.fields?.joined(separator: ","))
        if question.order != CreativesQuestion().order {
            spelling.add("sort", (question.order.isDescending ? "-" : "") + question.order.column)
        }
        return { [question] days, position in
            var question = question
            question.ads.days = days.requested
            question.after = position
            return question
        }
    }
}
